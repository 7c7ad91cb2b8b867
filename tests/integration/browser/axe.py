"""What axe finds of a page that not everybody can use."""

from pathlib import Path

from playwright.async_api import Page

SCRIPT = (Path(__file__).parent / "vendored" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
#: What is not looked at is not drawn, and stands in nobody's way as soon as it is; axe measures all of it.
DRAW_ALL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important }");
  document.adoptedStyleSheets = [sheet];
}"""
#: It asks for nothing: `preload` would fetch styles once more.
RUN = "async (values) => (await axe.run(document, {runOnly: {type: 'tag', values}, preload: false, resultTypes: ['violations']}))"


async def barriers(page: Page) -> list[str]:
    """Return what is wrong with `page` as it stands, each rule with the places that break it. No policy is loosened for it."""
    await page.evaluate(f"() => {{ {SCRIPT} }}")
    await page.evaluate(DRAW_ALL)
    found = await page.evaluate(RUN, TAGS)
    await page.evaluate("() => { document.adoptedStyleSheets = [] }")
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]]
