"""What every report says of itself."""

from __future__ import annotations

NOTICE = "Coaching feedback by a program: it may be wrong, and it is not validated for deciding about people."
