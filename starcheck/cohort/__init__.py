"""Cohorts: many answers in, one report on all of them out."""
