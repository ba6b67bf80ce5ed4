"""Names for people who give none: an animal each, short enough to call across a room."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["ANIMALS", "given_name", "unique"]

# fmt: off
ANIMALS = (
    "Adder", "Albatross", "Alpaca", "Antelope", "Armadillo", "Badger", "Barbet", "Bat", "Bear", "Beaver", "Bee",
    "Beetle", "Bison", "Bittern", "Boar", "Bobcat", "Bream", "Bunting", "Buzzard", "Camel", "Capybara", "Caribou",
    "Carp", "Cat", "Chamois", "Cheetah", "Chinchilla", "Cobra", "Cod", "Condor", "Coot", "Cormorant", "Coyote",
    "Crab", "Crane", "Cricket", "Crow", "Cuckoo", "Curlew", "Deer", "Dingo", "Dolphin", "Donkey", "Dormouse",
    "Dove", "Dragonfly", "Duck", "Dunlin", "Eagle", "Eel", "Egret", "Eider", "Elephant", "Elk", "Ermine", "Falcon",
    "Ferret", "Finch", "Firefly", "Flamingo", "Flounder", "Fox", "Frog", "Gannet", "Gazelle", "Gecko", "Gibbon",
    "Giraffe", "Goat", "Goldfinch", "Goose", "Gopher", "Goshawk", "Grebe", "Grouse", "Gull", "Hamster", "Hare",
    "Harrier", "Hawk", "Hedgehog", "Heron", "Herring", "Hippo", "Hoopoe", "Hornet", "Horse", "Hyena", "Ibex",
    "Ibis", "Iguana", "Impala", "Jackal", "Jackdaw", "Jaguar", "Jay", "Kestrel", "Kingfisher", "Kite", "Kiwi",
    "Koala", "Kudu", "Ladybird", "Lapwing", "Lark", "Lemming", "Lemur", "Leopard", "Limpet", "Linnet", "Lion",
    "Lizard", "Llama", "Lobster", "Loon", "Lynx", "Macaw", "Mackerel", "Magpie", "Mallard", "Manatee", "Marmot",
    "Marten", "Martin", "Meerkat", "Merlin", "Mink", "Mole", "Mongoose", "Moose", "Moth", "Mouse", "Mussel",
    "Narwhal", "Newt", "Nightjar", "Nuthatch", "Ocelot", "Octopus", "Okapi", "Opossum", "Orca", "Oriole", "Oryx",
    "Osprey", "Ostrich", "Otter", "Owl", "Ox", "Panda", "Panther", "Parrot", "Partridge", "Pelican", "Penguin",
    "Perch", "Petrel", "Pheasant", "Pigeon", "Pike", "Pipit", "Plover", "Polecat", "Pony", "Porcupine", "Porpoise",
    "Puffin", "Puma", "Python", "Quail", "Rabbit", "Raccoon", "Raven", "Redstart", "Reindeer", "Robin", "Rook",
    "Salmon", "Sandpiper", "Seal", "Serval", "Shark", "Sheep", "Shrew", "Shrike", "Siskin", "Skua", "Skylark",
    "Sloth", "Snail", "Snipe", "Sparrow", "Spoonbill", "Squid", "Squirrel", "Starling", "Stilt", "Stoat", "Stork",
    "Swallow", "Swan", "Swift", "Tapir", "Teal", "Tern", "Thrush", "Tiger", "Toad", "Tortoise", "Toucan", "Trout",
    "Turtle", "Viper", "Vole", "Wagtail", "Walrus", "Warbler", "Waxwing", "Weasel", "Whale", "Wigeon", "Wolf",
    "Wombat", "Woodpecker", "Wren", "Yak", "Zebra",
)
# fmt: on


def given_name(taken: Collection[str], rng: np.random.Generator) -> str:
    """An animal that nobody here is called after yet."""
    free = [name for name in ANIMALS if name not in taken] or list(ANIMALS)
    return unique(free[int(rng.integers(len(free)))], taken)


def unique(name: str, taken: Collection[str]) -> str:
    """The name, with a number when somebody else has it.

    Examples
    --------
    >>> unique("Otter", {"otter", "Otter 2"})
    'Otter 3'
    """
    folded = {other.casefold() for other in taken}
    if name.casefold() not in folded:
        return name
    k = 2
    while f"{name} {k}".casefold() in folded:
        k += 1
    return f"{name} {k}"
