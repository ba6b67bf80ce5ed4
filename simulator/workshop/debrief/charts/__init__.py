"""The charts of the debrief: pure functions from numbers to inline SVG."""
