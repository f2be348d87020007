"""Cameras: from pixels to rays and from points to pixels."""

import numpy as np


def normalize(v: np.ndarray) -> np.ndarray:
    """Unit vectors along the first axis."""
    return v / np.maximum(np.sqrt((v * v).sum(0, keepdims=True)), 1e-9)


def frame(forward, up=(0.0, 0.0, 1.0)) -> np.ndarray:
    """Rotation whose rows are right, down and forward (an image's x, y and depth)."""
    forward = normalize(np.asarray(forward, np.float32))
    if abs(forward @ np.asarray(up)) > 0.999:
        up = (0.0, 1.0, 0.0)
    right = normalize(np.cross(forward, up))
    return np.stack([right, np.cross(forward, right), forward]).astype(np.float32)


class Camera:
    """A square picture of size x size pixels.

    eye: (3,) position. axes: rows right, down, forward. scale: pixels per unit, at depth 1 for a perspective
    camera and everywhere for an orthographic one (which is what a shadow map of a distant light needs).
    """

    def __init__(self, eye, axes, scale: float, size: int, perspective: bool = True):
        self.eye = np.asarray(eye, np.float32).reshape(3, 1)
        self.axes, self.scale, self.size, self.perspective = axes, np.float32(scale), size, perspective
        grid = (np.arange(size, dtype=np.float32) + 0.5 - size / 2) / self.scale
        x, y = (a.ravel() for a in np.meshgrid(grid, grid))
        if perspective:
            spread = normalize(axes.T @ np.stack([x, y, np.ones_like(x)]))  # directions, (3, size * size)
        else:
            spread = self.eye + axes[:2].T @ np.stack([x, y])  # origins
        self._spread = spread.reshape(3, size, size)

    def rays(self, rows=slice(None), cols=slice(None)):
        """Origins (3, 1 or n) and unit directions (3, n or 1) of a block of pixels, row by row."""
        block = self._spread[:, rows, cols].reshape(3, -1)
        return (self.eye, block) if self.perspective else (block, self.axes[2][:, None])

    def project(self, p: np.ndarray):
        """Points (3, n) to pixel x, y, depth along the view axis, and pixels per unit at that depth."""
        x, y, z = self.axes @ (p - self.eye)
        scale = self.scale / np.maximum(z, 1e-3) if self.perspective else np.full_like(z, self.scale)
        return x * scale + self.size / 2, y * scale + self.size / 2, z, scale
