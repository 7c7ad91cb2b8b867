"""The way of an article, one stage a file: preparing, chunking, drafting, grounding, times, places, linking, assembling."""
