"""The local web app of a workshop: seats on phones, the trainer's console, the projector.

Server-rendered pages with plain forms (POST, then 303, then GET) that work without script; a short script adds live
updates. Nothing here decides anything about the game: a form becomes a move, the room answers with events or a
refusal, and a page shows the view that the room has for its reader.
"""
