"""Random textures. All tile, so a lookup never leaves the texture."""

import numpy as np


def spectral(rng: np.random.Generator, n: int, beta: float, stretch: float = 1.0) -> np.ndarray:
    """Tileable Gaussian noise with power spectrum 1/f**beta, mean 0, standard deviation 1.

    beta: 0 is white noise, 2 looks like clouds, 3 like gentle hills. stretch > 1 draws it out along axis 1.
    Returns (n, n) float32.
    """
    fy = np.fft.fftfreq(n)[:, None]
    fx = np.fft.rfftfreq(n)[None, :] * stretch
    f = np.sqrt(fx**2 + fy**2)
    f[0, 0] = np.inf
    spectrum = np.fft.rfft2(rng.standard_normal((n, n))) * f ** (-beta / 2)
    noise = np.fft.irfft2(spectrum, s=(n, n))
    return (noise / noise.std()).astype(np.float32)


def cellular(rng: np.random.Generator, n: int, cells: int, stretch: int = 1):
    """Tileable cellular noise (Worley 1996): distances to the nearest and second nearest random point.

    cells: points per side (cells // stretch along axis 1). Distances are in cell widths.
    Returns f1, f2 and a random number in [0, 1) for the nearest point, each (n, n) float32.
    """
    rows, cols = cells, max(cells // stretch, 1)
    jitter = rng.random((2, rows, cols), dtype=np.float32)
    value = rng.random((rows, cols), dtype=np.float32)
    y = (np.arange(n, dtype=np.float32) * rows / n)[:, None]
    x = (np.arange(n, dtype=np.float32) * cols / n)[None, :]
    iy, ix = np.floor(y).astype(int), np.floor(x).astype(int)
    f1, f2 = np.full((n, n), 9, np.float32), np.full((n, n), 9, np.float32)
    nearest = np.zeros((n, n), np.float32)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            jy, jx = (iy + dy) % rows, (ix + dx) % cols
            d = np.hypot(iy + dy + jitter[0, jy, jx] - y, ix + dx + jitter[1, jy, jx] - x)
            closer = d < f1
            f2 = np.where(closer, f1, np.minimum(f2, d))
            f1 = np.where(closer, d, f1)
            nearest = np.where(closer, value[jy, jx], nearest)
    return f1, f2, nearest


def lookup(texture: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Bilinear lookup with wrap-around. texture (n, n, c), a power of two wide; x, y (k,) in texture periods.

    Returns (k, c).
    """
    n = texture.shape[0]
    x, y = x * n, y * n
    x0, y0 = np.floor(x), np.floor(y)
    fx, fy = (x - x0)[:, None], (y - y0)[:, None]
    x0, y0 = x0.astype(np.int32) & (n - 1), y0.astype(np.int32) & (n - 1)
    x1, y1 = (x0 + 1) & (n - 1), (y0 + 1) & (n - 1)
    flat = texture.reshape(n * n, -1)
    top = flat[y0 * n + x0] * (1 - fx) + flat[y0 * n + x1] * fx
    bottom = flat[y1 * n + x0] * (1 - fx) + flat[y1 * n + x1] * fx
    return top * (1 - fy) + bottom * fy


class SolidNoise:
    """Smooth noise in space (value noise on a 32 cubed lattice that tiles), about [-1, 1]."""

    def __init__(self, rng: np.random.Generator):
        self.lattice = rng.random(32**3, dtype=np.float32) * 2 - 1

    def __call__(self, p: np.ndarray, octaves: int = 1) -> np.ndarray:
        """p (3, n), one lattice cell per unit. Returns (n,)."""
        total, weight = 0.0, 1.0
        for _ in range(octaves):
            total = total + weight * self._once(p)
            p, weight = p * 2.03 + 7.1, weight * 0.5
        return total

    def _once(self, p: np.ndarray) -> np.ndarray:
        cell = np.floor(p)
        f = p - cell
        f = f * f * (3 - 2 * f)
        i = cell.astype(np.int32) & 31
        j = (i + 1) & 31
        total = 0.0
        for z, wz in ((i[2], 1 - f[2]), (j[2], f[2])):
            for y, wy in ((i[1], 1 - f[1]), (j[1], f[1])):
                row = (z * 32 + y) * 32
                total = total + wz * wy * (self.lattice[row + i[0]] * (1 - f[0]) + self.lattice[row + j[0]] * f[0])
        return total
