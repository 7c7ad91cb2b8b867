"""Candidates: where code sees that an entry may stand, so that a small model need not look for it.

What code would refuse anyway is not asked for, and what it would let stand is not forgotten: the answer has one row for each candidate.
"""
