"""Control tokens: the strings that chat templates keep for themselves, and the fence that our own prompt sets around an article.

They are looked for in a plain view of the text, so that neither an unseen character nor another width keeps one whole until somebody cleans the text.
"""

import regex

from service.extraction.hostile.hidden_characters import Span
from service.extraction.hostile.plain_view import plain_view
from service.extraction.hostile.unmasking import LOOK_ALIKES

#: Words that are control tokens between angle brackets, by whose they are.
_WORDS = (
    r"s|bos|eos|pad|unk|mask|cls|sep|bos_token|eos_token|eop_token|pad_token|mask_token|unk_token",  # SentencePiece, Command R
    r"(?:start|end)_of_(?:turn|role|text|image|audio|plugin)|image_soft_token|audio_soft_token|unused\d+|extra_id_\d+|reserved_\d+",  # Gemma, T5, Baichuan
    r"sop|eop|eot|eoh|eoa|eod|im_(?:start|end)|im_sep|endoftext|arg_(?:key|value)|observation",  # GLM, InternLM, ChatML without its bars
    r"think(?:ing)?|thought|reasoning|reflection|scratch_?pad|answer|seed:\w{1,20}|begin_of_\w{1,20}|end_of_\w{1,20}",  # reasoning
    r"tools?|tool_(?:calls?|responses?|results?|use|code|outputs?)|functions?|function_(?:calls?|results?|response)|invoke|parameter",  # tools
    r"fim_\w{1,20}|pre|suf|mid|file_?name|file_sep|repo_?name|gh_stars|(?:jupyter|issue|commit)_\w{1,20}|empty_output",  # fill in the middle
    r"special_\d{1,4}|tokens_unused_\d{1,4}|longcat_\w{1,20}|minimax:\w{1,20}|extra_\d{1,3}",  # Nemotron, InternLM, LongCat, MiniMax
    r"im(?:g|age)|video|audio|box|ref|quad",  # pictures
    r"sys(?:tem)?|user|human|assistant|developer|model|system_prompt|instructions?|0x[0-9a-f]{2}",  # turns
)
_CONTROL = regex.compile(
    rf"""
      <\s{{0,2}}\|[^<>‹›\n]{{0,64}}>                                      # <|im_start|> and all its kind; <|turn>
    | <[^<>‹›\n]{{1,64}}\|\s{{0,2}}>                                      # <turn|>
    | <[\s/\\]{{0,4}}(?:{"|".join(_WORDS)})(?:[\s=:][^<>‹›\n]{{0,64}})?[\s/]{{0,3}}>
    | <\s?<[\s/]{{0,3}}sys\s{{0,2}}>\s?>
    | \[\s{{0,2}}\|[^\[\]⁅⁆\n]{{1,64}}\|\s{{0,2}}\]                       # [|assistant|]
    | \[[\s/]{{0,3}}(?:[gs]?MASK|INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|CALL_ID|MODEL_SETTINGS)\s{{0,2}}\]
    # Words of news in other letters.
    | \[/?(?-i:ARGS|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|TRANSCRIBE|THINK|PREFIX|SUFFIX|MIDDLE|BOS|EOS|EOT|PAD|UNK|CLS|SEP)\]
    | \]~!?b[\[\]] | \[e~\[
    | ◁/?think▷
    # The fence of our own prompt, however it is spelt, whatever follows.
    | <[\s/\\]*+a\s*+r\s*+t\s*+i\s*+c\s*+l\s*+e
    """,
    regex.IGNORECASE | regex.VERBOSE,
)
_OPENING = regex.compile(r"[<\[\]◁＜［］﹤]")
#: What is written instead: signs that look alike and that no template uses, each for each.
_HARMLESS = str.maketrans("<>[]|＜＞［］｜﹤﹥◁▷", "‹›⁅⁆¦‹›⁅⁆¦‹›‹›")


def control_tokens(text: str) -> list[Span]:
    """Return where control tokens stand in `text`, in the order of the text."""
    if not _OPENING.search(text):
        return []
    view, places = plain_view(text)
    return [(places[match.start()], places[match.end() - 1] + 1) for match in _CONTROL.finditer(view.translate(LOOK_ALIKES))]


def broken(token: str) -> str:
    """Return `token` as something that is none, code point for code point."""
    return token.translate(_HARMLESS)
