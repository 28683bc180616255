#!/usr/bin/env python3
"""Compares the accountant with Google's dp-accounting on random plans.

    python3 -m venv VENV && VENV/bin/pip install dp-accounting==0.6.0
    VENV/bin/python tests/privacy/against_dp_accounting.py build/release/bin/sotto_privacy_plans [PLANS [SEED]]

Three of four plans are of sampled Gaussian noise, with one to three parts. Their figures by Rényi divergence must agree to
1e-6, relative to epsilon where that is above 1. The others are exact figures of Gaussian noise, continuous (1e-6) and
discrete, and of discrete Laplace noise. dp-accounting rounds the privacy loss of discrete noise up to multiples of 1e-4 for
each release, so its figures may only be above ours, by at most that. It ends with 77 where dp-accounting is missing.
"""

import logging
import math
import random
import subprocess
import sys

try:
    import dp_accounting
    from dp_accounting import dp_event, rdp
    from dp_accounting.pld import privacy_loss_distribution as pld
except ImportError:
    print("skipped: this Python has no dp-accounting")
    sys.exit(77)

logging.disable(logging.WARNING)  # it warns of each order at which a series does not converge

TOLERANCE = 1e-6
INTERVAL = 1e-4


def log_uniform(low, high):
    return math.exp(random.uniform(math.log(low), math.log(high)))


def sampled_plan():
    parts = []
    for _ in range(random.randint(1, 3)):
        rate = random.choice([1.0, log_uniform(1e-4, 0.5), log_uniform(1e-4, 0.05)])
        parts.append((log_uniform(0.6, 40), rate, random.randint(1, 100 if rate > 0.1 else 20_000)))
    return "sampled", log_uniform(1e-10, 1e-3), parts


def random_plan():
    kind = random.choices(["sampled", "gaussian", "laplace"], [6, 1, 1])[0]
    if kind == "sampled":
        return sampled_plan()
    if kind == "gaussian":
        return kind, log_uniform(1e-10, 1e-3), [(log_uniform(0.5, 40), random.randint(1, 400))]
    return kind, log_uniform(1e-9, 1e-3), [(log_uniform(1, 20), random.randint(1, 60))]


def line_of(plan):
    kind, delta, parts = plan
    return " ".join([kind, repr(delta)] + [repr(number) for part in parts for number in part])


def expected_of(plan):
    """Returns what our program must print: pairs of a figure and the tolerance below and above it."""
    kind, delta, parts = plan
    if kind == "sampled":
        accountant = rdp.RdpAccountant()
        for noise, rate, releases in parts:
            event = dp_event.GaussianDpEvent(noise)
            if rate < 1:
                event = dp_event.PoissonSampledDpEvent(rate, event)
            accountant.compose(dp_event.SelfComposedDpEvent(event, releases))
        new = accountant.get_epsilon(delta)
        # dp-accounting no longer has the old conversion; here it is from its divergences.
        old = max(0, min(r - math.log(delta) / (a - 1) for a, r in zip(accountant._orders, accountant._rdp)))
        return [(figure, TOLERANCE * max(1, figure), TOLERANCE * max(1, figure)) for figure in (new, old)]
    (noise, releases), = parts
    if kind == "laplace":
        loss = pld.from_discrete_laplace_mechanism(1 / noise, 1, value_discretization_interval=INTERVAL)
        figure = loss.self_compose(releases).get_epsilon_for_delta(delta)
        return [(figure, releases * INTERVAL + TOLERANCE, TOLERANCE)]
    exact = dp_accounting.get_epsilon_gaussian(noise / math.sqrt(releases), delta)
    figures = [(exact, TOLERANCE * max(1, exact), TOLERANCE * max(1, exact))]
    if noise < 2 or releases > 60:
        return figures
    loss = pld.from_discrete_gaussian_mechanism(noise, 1, value_discretization_interval=INTERVAL)
    figure = loss.self_compose(releases).get_epsilon_for_delta(delta)
    return figures + [(figure, releases * INTERVAL + TOLERANCE, TOLERANCE)]


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    random.seed(seed)
    plans = [random_plan() for _ in range(count)]
    output = subprocess.run([program], input="\n".join(map(line_of, plans)) + "\n", capture_output=True, text=True, check=True)
    lines = output.stdout.splitlines()
    assert len(lines) == count, f"{len(lines)} answers to {count} plans"
    differences = {}
    failures = 0
    for plan, line in zip(plans, lines):
        ours = [float(word) for word in line.split()]
        for i, (figure, below, above) in enumerate(expected_of(plan)):
            relative = (ours[i] - figure) / max(1, figure) if math.isfinite(figure) or math.isfinite(ours[i]) else 0
            name = (plan[0], ["new conversion or exact", "old conversion or discrete"][i])
            low, high, number = differences.get(name, (0, 0, 0))
            differences[name] = (min(low, relative), max(high, relative), number + 1)
            if relative != 0 and not figure - below <= ours[i] <= figure + above:
                failures += 1
                print(f"differs: {line_of(plan)}: {ours[i]}, dp-accounting {figure}")
    for name, (low, high, number) in sorted(differences.items()):
        print(f"{name[0]}, {name[1]}: {number} figures, ours minus theirs from {low:.2g} to {high:.2g} (relative above 1)")
    print(f"{count} plans, seed {seed}, {failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
