"""Differentiate a simulation as it stands: find a pendulum's length and damping from its swing.

The simulation is a NumPy program with a loop over time steps. `sorix.func.value_and_grad` turns
it into one that also returns the derivative with respect to both unknowns; the derivative is
checked against differences, printed, and used to find the unknowns from noisy measurements.

    python examples/pendulum.py
"""

from __future__ import annotations

import numpy as np

import sorix

GRAVITY = 9.81
DT = 0.02
STEPS = 250


def misfit(length, damping, measured):
    """Mean squared distance between the simulated swing and the measured angles."""
    angle, speed = 1.0, 0.0
    total = 0.0
    for i in range(len(measured)):
        total = total + (angle - measured[i]) ** 2
        pull = -GRAVITY / length * np.sin(angle) - damping * speed
        speed = speed + DT * pull
        angle = angle + DT * speed
    return total / len(measured)


def measure(length: float, damping: float, noise: float, seed: int) -> np.ndarray:
    """Angles of a real pendulum, as far as this example is concerned."""
    angles = np.empty(STEPS)
    angle, speed = 1.0, 0.0
    for i in range(STEPS):
        angles[i] = angle
        speed += DT * (-GRAVITY / length * np.sin(angle) - damping * speed)
        angle += DT * speed
    return angles + noise * np.random.default_rng(seed).standard_normal(STEPS)


misfit_and_slope = sorix.func.value_and_grad(misfit, argnums=(0, 1))


def check(point: tuple[float, float], measured: np.ndarray) -> float:
    """The largest relative distance of the derivative from central differences."""
    _, slopes = misfit_and_slope(*point, measured)
    worst = 0.0
    for i, slope in enumerate(slopes):
        step = np.zeros(2)
        step[i] = 1e-5
        ahead, behind = misfit(*(point + step), measured), misfit(*(point - step), measured)
        difference = (ahead - behind) / 2e-5
        worst = max(worst, abs(float(slope) - difference) / abs(difference))
    return worst


def fit(start: tuple[float, float], measured: np.ndarray, steps: int) -> np.ndarray:
    """Gradient descent, its step length chosen by Barzilai and Borwein's rule."""
    point, rate = np.array(start), 1e-3
    old_point, old_slope = None, None
    for i in range(steps):
        value, slopes = misfit_and_slope(float(point[0]), float(point[1]), measured)
        slope = np.array(slopes, float)
        if old_point is not None:
            moved, turned = point - old_point, slope - old_slope
            rate = abs(moved @ turned) / max(turned @ turned, 1e-300)
        if i % 3 == 0:
            print(
                f"  step {i:3d}   misfit {value:.3e}   length {point[0]:.4f} m"
                f"   damping {point[1]:.4f} 1/s",
                flush=True,
            )
        old_point, old_slope = point, slope
        # A step is kept short enough to stay where a pendulum makes sense.
        change = np.clip(-rate * slope, -0.1, 0.1)
        point = np.maximum(point + change, 0.01)
    return point


def main() -> None:
    measured = measure(length=1.3, damping=0.25, noise=0.01, seed=0)
    start = (1.15, 0.1)
    error = check(start, measured)
    print(f"largest relative distance from central differences: {error:.1e}")
    if error > 1e-6:
        raise SystemExit("the derivative disagrees with differences")
    length, damping = fit(start, measured, steps=16)
    print(f"found: length {length:.3f} m, damping {damping:.3f} 1/s (true: 1.300 and 0.250)")
    print("\nThe derivative that did it:\n")
    print(misfit_and_slope.source)


if __name__ == "__main__":
    main()
