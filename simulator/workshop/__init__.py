"""The workshop: a room full of people plays a scenario, and the debrief shows what happened."""
