"""The command `vigie`, with recorded answers that take their time, as a model's do: what is killed is then in the midst of something."""

import asyncio
import random
import sys

from openai.types.chat import ChatCompletion

from service.cli import main
from service.models.base import ModelCall
from service.models.replay import ReplayModel

#: Seconds for an answer.
_TAKES_S = (0.3, 1.1)


def slow_down() -> None:
    """Have answers come after a while."""
    at_once = ReplayModel.complete

    async def complete(model: ReplayModel, call: ModelCall) -> ChatCompletion:
        await asyncio.sleep(random.uniform(*_TAKES_S))  # noqa: S311 - no secret
        return await at_once(model, call)

    setattr(ReplayModel, "complete", complete)  # noqa: B010 - the command itself is to be killed


if __name__ == "__main__":
    slow_down()
    sys.exit(main())
