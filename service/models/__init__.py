"""The models that can read an article, behind one small Protocol."""
