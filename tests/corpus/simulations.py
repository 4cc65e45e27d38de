"""Simulations: ODE schemes, particles, filters, recurrences, walks with fixed noise."""

import math

import numpy as np

from tests.corpus.registry import program


@program(args=(0.8, 1.2), argnums=(0, 1))
def euler_decay(y, k):
    t, dt = 0.0, 0.1
    while t < 0.95:
        y += -k * y * dt
        t += dt
    return y


@program(args=(np.array([0.8, 0.5]), 1.1, 0.4), argnums=(0, 1, 2))
def lotka_volterra_rk4(z, a, b):
    def rhs(z):
        x, y = z
        return np.array([a * x - b * x * y, -y + b * x * y])

    h = 0.1
    for _ in range(4):
        k1 = rhs(z)
        k2 = rhs(z + h / 2 * k1)
        k3 = rhs(z + h / 2 * k2)
        k4 = rhs(z + h * k3)
        z = z + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return z[0] * z[1]


@program(args=(0.9, 0.0, 9.81, 0.3), argnums=(0, 1, 2, 3))
def pendulum_leapfrog(theta, omega, g, damping):
    dt = 0.05
    for _ in range(6):
        omega += 0.5 * dt * (-g * math.sin(theta) - damping * omega)
        theta += dt * omega
        omega += 0.5 * dt * (-g * math.sin(theta) - damping * omega)
    return theta**2 + omega


@program(args=(np.array([1.0, 0.0]), np.array([0.0, 1.1])), argnums=(0, 1))
def kepler_velocity_verlet(r, v):
    def acceleration(r):
        return -r / np.sum(r**2) ** 1.5

    dt = 0.05
    a = acceleration(r)
    for _ in range(5):
        v = v + 0.5 * dt * a
        r = r + dt * v
        a = acceleration(r)
        v = v + 0.5 * dt * a
    return 0.5 * v @ v - 1 / np.sqrt(r @ r) + r[1]


@program(
    args=(np.array([[0.0, 0.1], [1.0, 0.0], [0.3, 0.9]]), np.array([1.0, 0.5, 0.8])), argnums=(0, 1)
)
def n_body(pos, mass):
    n = len(mass)
    pos = pos.copy()
    vel = np.zeros((n, 2))
    for _ in range(2):
        for i in range(n):
            force = np.zeros(2)
            for j in range(n):
                if i == j:
                    continue
                d = pos[j] - pos[i]
                force += mass[j] * d / (d @ d + 0.1) ** 1.5
            vel[i] += 0.05 * force
        pos += 0.05 * vel
    return 0.5 * np.sum(mass[:, None] * vel**2) + pos[0, 0]


@program(args=(0.4, 2.8), argnums=(0, 1))
def logistic_map(x, r):
    orbit = [x]
    for _ in range(6):
        orbit.append(r * orbit[-1] * (1 - orbit[-1]))
    return sum(orbit) / len(orbit)


@program(args=(np.array([1.0, 1.0, 1.0]), 10.0, 28.0), argnums=(0, 1, 2), step=3e-4)
def lorenz(state, sigma, rho):
    x, y, z = state
    for _ in range(5):
        dx = sigma * (y - x)
        dy = x * (rho - z) - y
        dz = x * y - 8 / 3 * z
        x, y, z = x + 0.01 * dx, y + 0.01 * dy, z + 0.01 * dz
    return x * y + z


@program(args=(0.2, 0.05), argnums=(0, 1))
def kalman_filter(q, r):
    observations = [0.9, 1.1, 0.7, 1.3]
    x, p = 0.0, 1.0
    log_likelihood = 0.0
    for z in observations:
        p = p + q
        s = p + r
        k = p / s
        innovation = z - x
        log_likelihood += -0.5 * (math.log(2 * math.pi * s) + innovation**2 / s)
        x = x + k * innovation
        p = (1 - k) * p
    return log_likelihood


@program(args=(np.array([[0.1, 0.02], [0.02, 0.2]]), 0.3), argnums=(0, 1))
def kalman_filter_matrices(q, r):
    f = np.array([[1.0, 0.5], [0.0, 1.0]])
    h = np.array([[1.0, 0.0]])
    x, p = np.zeros((2, 1)), np.eye(2)
    total = 0.0
    for z in (0.4, 1.0, 1.3):
        x = f @ x
        p = f @ p @ f.T + q
        s = h @ p @ h.T + r
        k = p @ h.T @ np.linalg.inv(s)
        y = z - h @ x
        x = x + k @ y
        p = (np.eye(2) - k @ h) @ p
        total += np.sum(y**2 / s) + np.log(np.linalg.det(s))
    return total + x[0, 0]


@program(args=(np.array([0.3, 0.9, -0.4, 0.7]), 0.6), argnums=(0, 1))
def exponential_smoothing(x, alpha):
    level = x[0]
    error = 0.0
    for v in x[1:]:
        error += (v - level) ** 2
        level = alpha * v + (1 - alpha) * level
    return error


@program(args=(np.array([0.3, 0.9, -0.4, 0.7, 0.1]), np.array([0.5, 0.3]), np.array([0.2, -0.1])), argnums=(0, 1, 2))
def iir_filter(x, b, a):
    y = np.zeros_like(x)
    for n in range(len(x)):
        for k in range(len(b)):
            if n - k >= 0:
                y[n] += b[k] * x[n - k]
        for k in range(len(a)):
            if n - k - 1 >= 0:
                y[n] -= a[k] * y[n - k - 1]
    return np.sum(y**2)


@program(args=(np.array([0.3, 0.9, -0.4, 0.7, 0.1]), np.array([0.5, 0.3, 0.2])), argnums=(0, 1))
def fir_filter(x, taps):
    padded = np.concatenate((np.zeros(2), x))
    y = np.array([padded[i : i + 3] @ taps[::-1] for i in range(len(x))])
    return np.sum(np.abs(y) ** 2)


_NOISE = np.array([0.3, -1.2, 0.8, 0.1, -0.5])


@program(args=(1.0, 0.05, 0.3), argnums=(0, 1, 2))
def geometric_brownian_motion(s, mu, sigma):
    dt = 0.2
    for z in _NOISE:
        s = s * np.exp((mu - 0.5 * sigma**2) * dt + sigma * np.sqrt(dt) * z)
    return np.maximum(s - 0.5, 0.0)


@program(args=(0.0, 0.7), argnums=(0, 1))
def ornstein_uhlenbeck(x, theta):
    path = np.empty(len(_NOISE) + 1)
    path[0] = x
    for k, z in enumerate(_NOISE):
        path[k + 1] = path[k] - theta * path[k] * 0.1 + 0.2 * z
    return np.mean(path**2)


@program(args=(np.array([0.2, 0.5, 0.9]), 0.8), argnums=(0, 1))
def particle_weights(particles, noise):
    weights = np.ones(3) / 3
    log_z = 0.0
    for z in (0.4, 0.6):
        particles = particles * 0.9 + 0.1
        weights = weights * np.exp(-0.5 * ((z - particles) / noise) ** 2)
        total = np.sum(weights)
        log_z += np.log(total)
        weights /= total
    return log_z + np.sum(weights * particles)


@program(args=(0.3, 0.1), argnums=(0, 1))
def epidemic(beta, gamma):
    s, i, r = 0.99, 0.01, 0.0
    peak = i
    for _ in range(10):
        new = beta * s * i
        recovered = gamma * i
        s, i, r = s - new, i + new - recovered, r + recovered
        if i > peak:
            peak = i
    return peak + r


@program(args=(np.array([1.0, 0.5]), 0.9), argnums=(0, 1))
def bouncing_ball(state, restitution):
    height, velocity = state
    for _ in range(8):
        velocity -= 0.1 * 9.81
        height += 0.1 * velocity
        if height < 0:
            height = -height
            velocity = -restitution * velocity
    return height * velocity


@program(args=(np.array([0.1, 0.4, 0.2]), 1.5), argnums=(0, 1))
def spring_chain(x, k):
    x, v = x.copy(), np.zeros(3)
    for _ in range(4):
        f = np.zeros(3)
        for i in range(2):
            stretch = k * (x[i + 1] - x[i])
            f[i] += stretch
            f[i + 1] -= stretch
        v += 0.1 * f
        x += 0.1 * v
    return np.sum(v**2) + x[2]


@program(args=(np.array([0.9, 0.1]), np.array([[0.9, 0.2], [0.1, 0.8]])), argnums=(0, 1))
def hidden_markov_forward(start, transition):
    emission = np.array([[0.7, 0.2], [0.3, 0.8]])
    alpha = start * emission[0]
    log_likelihood = 0.0
    for symbol in [1, 0, 0, 1]:
        alpha = emission[symbol] * (transition @ alpha)
        c = alpha.sum()
        log_likelihood += np.log(c)
        alpha = alpha / c
    return log_likelihood


@program(args=(0.5, 0.1), argnums=(0, 1))
def van_der_pol_adaptive(mu, y0):
    t, h, y, v = 0.0, 0.1, 1.0 + y0, 0.0
    while t < 0.5:
        ay = v
        av = mu * (1 - y * y) * v - y
        if abs(av) > 1.05:
            step = h / 2
        else:
            step = h
        y, v = y + step * ay, v + step * av
        t += step
    return y * v


@program(args=(np.array([0.5, 1.0, 0.2]),))
def implicit_euler_with_newton(y):
    h = 0.1
    for _ in range(2):
        z = y
        for _ in range(4):
            residual = z - y + h * z**3
            z = z - residual / (1 + 3 * h * z**2)
        y = z
    return np.sum(y**2)


@program(args=(np.array([0.3, 0.5, 0.8]), 0.7), argnums=(0, 1))
def kuramoto(theta, coupling):
    n = theta.size
    for _ in range(3):
        diff = theta[None, :] - theta[:, None]
        theta = theta + 0.1 * (1.0 + coupling / n * np.sum(np.sin(diff), axis=1))
    return np.abs(np.sum(np.cos(theta))) + np.sin(theta[0])


@program(args=(np.array([100.0, 50.0, -20.0]) / 100, 0.08), argnums=(0, 1))
def net_present_value(cash, rate):
    return sum(c / (1 + rate) ** t for t, c in enumerate(cash))


@program(args=(1.0, 0.2, 0.05), argnums=(0, 1, 2))
def binomial_option_tree(s, sigma, r):
    n, dt = 3, 0.25
    up = math.exp(sigma * math.sqrt(dt))
    down = 1 / up
    p = (math.exp(r * dt) - down) / (up - down)
    values = [max(s * up**j * down ** (n - j) - 0.97, 0.0) for j in range(n + 1)]
    for i in range(n, 0, -1):
        values = [
            math.exp(-r * dt) * (p * values[j + 1] + (1 - p) * values[j]) for j in range(i)
        ]
    return values[0]


@program(args=(np.array([0.4, -1.2, 0.9, 0.3, -0.5, 1.4, 0.8, -0.2, 0.6, 1.1, -0.9, 0.2]),))
def haar_transform(x):
    def step(a):
        return (a[::2] + a[1::2]) / np.sqrt(2), (a[::2] - a[1::2]) / np.sqrt(2)

    levels = []
    while len(x) % 2 == 0:
        x, detail = step(x)
        levels.insert(0, detail)
    levels.insert(0, x)
    energy = 0.0
    for k, c in enumerate(levels):
        energy += np.sum((np.sign(c) * np.maximum(np.abs(c) - 0.1 / (k + 1), 0)) ** 2)
    return energy


@program(args=(np.full(12, 1.5), 8.0), argnums=(0, 1))
def acoustic_wave_with_a_sponge(velocity, f0):
    nz = velocity.size
    dz, dt, nt = 0.1, 0.02, 9
    isrc, irec = 3, 8
    p, pold, pnew = np.zeros(nz), np.zeros(nz), np.zeros(nz)
    d2p = np.zeros(nz)
    seismogram = np.zeros(nt)
    damp = np.ones(nz)
    damp[-5:] = np.exp(-((0.05 * np.arange(1, 6)) ** 2))
    for it in range(nt):
        for i in range(1, nz - 1):
            d2p[i] = (p[i + 1] - 2 * p[i] + p[i - 1]) / dz**2
        pnew = 2 * p - pold + velocity**2 * dt**2 * d2p
        a = (np.pi * f0 * (it * dt - 1.0 / f0)) ** 2
        pnew[isrc] = pnew[isrc] + (1 - 2 * a) * np.exp(-a)
        pold, p = p * damp, pnew * damp
        seismogram[it] = p[irec]
    return np.sum(seismogram**2) + seismogram[-1]
