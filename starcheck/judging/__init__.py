"""Parts and evidence become strengths, competencies, a band, and advice."""
