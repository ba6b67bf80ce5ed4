"""The result of comparing mixes: every measure of every mix, with bands and paired differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError, UnknownNameError
from simulator.markets.market import market
from simulator.markets.mix import ROLES, Mix, shares_text
from simulator.runner.mix_measures import ERRORS, MEASURES
from simulator.runner.tidy import frame_of, run_id_of
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import agent as agent_named
from simulator.strategies.contract import Agent

if TYPE_CHECKING:
    import pandas as pd

    from simulator.markets.result import Town

__all__ = ["Difference", "MixComparison"]

Floats = NDArray[np.float64]


class Difference(NamedTuple):
    """How much more each mix has of a measure than the base has; arrays of shape (n_mixes,).

    Attributes
    ----------
    mean, se : ndarray
        Mean over the replicates of the paired difference, and its standard error; NaN from one replicate alone.
    low, high : ndarray
        The band that covers the true difference with the probability asked for.
    """

    mean: Floats
    se: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class MixComparison:
    """Markets that differ in their mixes alone. Every measure is an attribute: an array with one entry for each mix.

    Money is per client and period, mean over the periods (with one role: per party and period), but `total_value`: of
    the whole market, discounted to period 0.

    Attributes
    ----------
    names : tuple of str
        What the mixes are called; their written form where they were given no name.
    mixes : tuple of Mix
        In the order given.
    joint_value, vendor_value, client_value : ndarray, shape (n_mixes,)
        What everybody earned, losing bidders and the free included; the part of the vendors and of the clients.
    created_value, vendor_captured, client_captured : ndarray
        Above the outside options inside relationships, before the costs below.
    burned, tendering, search, switching : ndarray
        What competing, serving after a tender, searching and switching cost.
    transferred, selected, outside : ndarray
        What tenders made clients pay less than the highest cost; worth of choosing better vendors; outside options.
    length, healthy_length : ndarray
        Mean periods of a relationship (Kaplan-Meier), and those with both sides at or above their outside options.
    ended_by_vendor, ended_by_client, churned, reviewed, replaced, alive : ndarray
        Shares of the relationships begun, by how they ended; they sum to 1.
    in_relationship, both_cooperate, starved, level : ndarray
        Share of the clients served; of the relationship-periods in which both cooperate, and with a starved vendor;
        mean maturity level.
    competitive, competitive_at_end : ndarray
        Share of the parties with a strategy of the competitive family, in the first and in the last period.
    se_joint_value, ... : ndarray
        Standard errors of all of these; 0 in a fluid market, NaN from one replicate alone.
    samples : mapping of str to ndarray, shape (n_mixes, replicates)
        Each measure of each simulated market.
    paths : mapping of str to ndarray, shape (n_mixes, periods)
        ``joint_value``, ``in_relationship``, ``both_cooperate``, ``starved``, ``length`` (of those that ended) and
        ``competitive`` by period, mean over the replicates.
    survival : ndarray, shape (n_mixes, periods)
        Probability of a relationship to live longer than t periods, all replicates together.
    remarks : tuple of str
        What the markets had to say, each once.
    """

    scenario: Scenario
    names: tuple[str, ...]
    mixes: tuple[Mix, ...]
    method: str
    periods: int
    replicates: int
    seed: int
    samples: Mapping[str, Floats]
    paths: Mapping[str, Floats]
    survival: Floats
    remarks: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Floats:
        if name in MEASURES:
            return np.asarray(self.samples[name].mean(axis=1))
        if name in ERRORS:
            return _error(self.samples[name.removeprefix("se_")], self.method)
        raise AttributeError(f"a comparison of mixes has no {name!r}")

    def __len__(self) -> int:
        return len(self.mixes)

    def index(self, mix: int | str | Mix) -> int:
        """Position of a mix, by its position, its name or itself."""
        if isinstance(mix, Mix) and mix in self.mixes:
            return self.mixes.index(mix)
        if isinstance(mix, int) and not isinstance(mix, bool) and -len(self) <= mix < len(self):
            return mix % len(self)
        if mix in self.names:
            return self.names.index(str(mix))
        raise UnknownNameError("mix", str(mix), self.names)

    def best(self) -> int:
        """Position of the mix with the largest joint value; the first of equals."""
        return int(np.nanargmax(self.joint_value))

    def band(self, measure: str, *, cover: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper end of a band around a measure that covers its expectation with a probability.

        Parameters
        ----------
        measure : str
            For example ``"joint_value"``.
        cover : float
            Probability, between 0 and 1.

        Returns
        -------
        tuple of ndarray, shape (n_mixes,)
            By Student's distribution over the replicates; both ends equal in a fluid market.
        """
        samples = self._of(measure)
        return _band(samples.mean(axis=1), _error(samples, self.method), self.replicates, cover)

    def differences(
        self,
        measure: str = "joint_value",
        *,
        base: int | str | Mix = 0,
        other: MixComparison | None = None,
        cover: float = 0.95,
    ) -> Difference:
        """How much more each mix has of a measure than a base, replicate by replicate.

        Parameters
        ----------
        measure : str
            For example ``"joint_value"`` or ``"length"``.
        base : int, str or Mix
            The mix to compare with.
        other : MixComparison, optional
            Compare with the same mix there instead, as with and without reviews.
        cover : float
            Probability that the band covers the true difference.

        Examples
        --------
        >>> import simulator as ns
        >>> mixes = ["vendors: grim; clients: grim", "vendors: bully; clients: grim"]
        >>> found = ns.compare_mixes(ns.load_scenario("saas-renewal"), mixes, periods=30)
        >>> bool(found.differences("joint_value").mean[1] < 0)
        True
        """
        samples = self._of(measure)
        if other is None:
            less = samples[self.index(base)][None, :]
        else:
            less = other._of(measure)
            if less.shape != samples.shape or self.mixes != other.mixes or self.seed != other.seed:
                raise SimulatorError("two comparisons differ pairwise only with the same mixes, replicates and seed")
        paired = samples - less
        mean, error = paired.mean(axis=1), _error(paired, self.method)
        return Difference(mean, error, *_band(mean, error, self.replicates, cover))

    def share(self, agent: str | Agent, role: str | None = None) -> Floats:
        """Share of an agent in each mix, (n_mixes,): of a role, or the mean of the roles."""
        wanted = agent_named(agent)
        roles = ROLES if role is None else (role,)
        if role is not None and role not in ROLES:
            raise UnknownNameError("role", role, ROLES)
        found = [
            [dict(getattr(mix, name)).get(wanted, 0.0) for name in roles if getattr(mix, name)] for mix in self.mixes
        ]
        return np.array([np.mean(shares) if shares else 0.0 for shares in found])

    def town(self, mix: int | str | Mix, *, replicate: int = 0) -> Town:
        """One of the markets in full, run again."""
        return market(
            self.scenario,
            mix=self.mixes[self.index(mix)],
            periods=self.periods,
            method="fluid" if self.method == "fluid" else "simulate",
            seed=self.seed,
            replicate=replicate,
        )

    def rows(self, *, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The tidy table: one row for each mix, in a fixed order of columns.

        Parameters
        ----------
        parameters : mapping, optional
            Settings that were changed; each becomes a column ``param.<key>``.
        """
        changed = {f"param.{key}": value for key, value in (parameters or {}).items()}
        numbers = {name: getattr(self, name) for name in (*MEASURES, *ERRORS)}
        run_id = self.run_id
        return [
            {
                "run_id": run_id,
                "scenario": self.scenario.id,
                "method": self.method,
                "mix": name,
                **_written(mix),
                **changed,
                **{key: float(values[i]) for key, values in numbers.items()},
                "periods": self.periods,
                "replicates": self.replicates,
                "seed": self.seed,
            }
            for i, (name, mix) in enumerate(zip(self.names, self.mixes, strict=True))
        ]

    @property
    def run_id(self) -> str:
        """A short name of this run: the same inputs give the same name."""
        said: list[Any] = [self.scenario.document(), list(self.names), [str(mix) for mix in self.mixes]]
        said += [self.method, self.periods, self.replicates, self.seed]
        return run_id_of(said)

    def to_frame(self) -> pd.DataFrame:
        """The tidy table as a pandas data frame.

        Raises
        ------
        SimulatorError
            When pandas is not installed.
        """
        return frame_of(self.rows())

    def __repr__(self) -> str:
        return f"<MixComparison of {len(self)} mixes in {self.scenario.id!r}, {self.method}, {self.periods} periods>"

    def _repr_html_(self) -> str:
        from simulator.runner.mix_html import mixes_html

        return mixes_html(self)

    def _of(self, measure: str) -> Floats:
        if measure not in MEASURES:
            raise UnknownNameError("measure", str(measure), MEASURES)
        return self.samples[measure]


def _written(mix: Mix) -> dict[str, str]:
    """Both sides of a mix as text; with one role the same twice."""
    vendors, clients = mix.population or mix.vendors, mix.population or mix.clients
    return {"vendor": shares_text(vendors), "client": shares_text(clients)}


def _error(samples: Floats, method: str) -> Floats:
    """Standard error of the mean over the replicates, (n_mixes,)."""
    count = samples.shape[1]
    if method == "fluid":
        return np.zeros(len(samples))
    return samples.std(axis=1, ddof=1) / np.sqrt(count) if count > 1 else np.full(len(samples), np.nan)


def _band(mean: Floats, error: Floats, replicates: int, cover: float) -> tuple[Floats, Floats]:
    if isinstance(cover, bool) or not isinstance(cover, int | float) or not 0 < cover < 1:
        raise SimulatorError(f"cover is {cover!r}; allowed: a number between 0 and 1")
    if replicates < 2:
        return mean - error, mean + error
    from scipy.special import stdtrit

    half = float(stdtrit(replicates - 1, (1 + cover) / 2)) * error
    return mean - half, mean + half
