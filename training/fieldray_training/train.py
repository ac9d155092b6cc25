"""The study's recipe, stage by stage: frozen base first, then everything; the lowest validation loss is kept."""

from __future__ import annotations

import copy
import csv
import json
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence

import numpy as np
import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from . import checkpoint
from .augment import Chance, augment, hide_lungs, resize, scaled
from .config import Config, Stage
from .crop import cropped_all
from .data import SPLITS, Collection
from .folded import FoldedNetwork
from .labels import LABELS, TrainingFault
from .losses import GroupRobust, divergences, focal_loss, focal_losses, soft_targets
from .network import FEATURES, MobileNetV2, fold, load_imagenet
from .sampling import draw, weights_by_stratum

# Batches whose frozen features are kept at a time (32 pictures of 28 × 28 × 32 numbers: 3 MB a batch).
STORE = 64
# Steps between two looks at the loss: each look makes a GPU wait.
LOOK = 50
LOG_COLUMNS = ("epoch", "stage", "accuracy", "loss", "val_accuracy", "val_loss", "learning_rate", "seconds")


@dataclass
class Parts:
    """Row numbers of each use; `outside` are the origins left out of training, by name."""

    train: np.ndarray
    validation: np.ndarray
    outside: dict[str, np.ndarray]


def parts(collection: Collection, splits: np.ndarray, config: Config) -> Parts:
    """Applies `leave_out` ("origin", "origin:label", or "@place" for every origin's places of that name): those pictures, and
    others of the same patients, are never trained or validated on."""
    known = collection.labels >= 0
    outside: dict[str, np.ndarray] = {}
    away = np.zeros(len(known), bool)
    for entry in config.leave_out:
        here = known & entry_rows(collection, entry)
        if not here.any():
            raise TrainingFault(f"leave_out names “{entry}”, but no image is of it.")
        outside[entry] = np.flatnonzero(here)
        away |= here
    groups = np.array([row.group for row in collection.rows])
    use = known & ~np.isin(groups, groups[away])
    return Parts(
        np.flatnonzero(use & (splits == SPLITS.index("train"))),
        np.flatnonzero(use & (splits == SPLITS.index("validation")) & ~collection.low),
        outside,
    )


def entry_rows(collection: Collection, entry: str) -> np.ndarray:
    """bool [N]: the pictures that one entry of `leave_out` names."""
    if entry.startswith("@"):
        return np.array([entry[1:].lower() in row.place.lower() for row in collection.rows])
    origin, _, label = entry.partition(":")
    here = collection.origins == origin
    return here & (collection.labels == LABELS.index(label)) if label else here


def batch_of(images: np.ndarray | torch.Tensor, rows: np.ndarray) -> torch.Tensor:
    """uint8 pictures or maps [N, H, W], wherever they are (or on the CPU float32 in 0…1) → those of `rows` as [n, 1, H, W] in 0…1."""
    if isinstance(images, np.ndarray):
        picked = torch.from_numpy(images[rows]).float()[:, None]
        return picked if images.dtype == np.float32 else picked.div_(255.0)
    return images[torch.from_numpy(rows).to(images.device, non_blocking=True)].float().div_(255.0)[:, None]


def placed(images: np.ndarray, device: torch.device) -> np.ndarray | torch.Tensor:
    """All of `images` in a GPU's memory; on the CPU as they are, read as they are needed."""
    return images if device.type == "cpu" else torch.from_numpy(np.ascontiguousarray(images)).to(device)


@torch.no_grad()
def read_all(model: MobileNetV2, images: np.ndarray, size: int = 224, batch: int = 64, half: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits [N, 4] and pooled features [N, 1280] of pictures (uint8 [N, 224, 224]); `half`: in bfloat16."""
    model.eval()
    device = model.head.weight.device
    logits, pooled = [torch.zeros(0, len(LABELS))], [torch.zeros(0, FEATURES)]
    for start in range(0, len(images), batch):
        x = resize(batch_of(images, np.arange(start, min(start + batch, len(images)))).to(device), size)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
            features = model.features(x.contiguous(memory_format=torch.channels_last)).float().mean((2, 3))
        logits.append(model.head(features).cpu())
        pooled.append(features.cpu())
    return torch.cat(logits), torch.cat(pooled)


def logits_of(model: MobileNetV2, images: np.ndarray, size: int = 224, batch: int = 64, half: bool = False) -> torch.Tensor:
    """Logits [N, 4] of pictures (uint8 [N, 224, 224])."""
    return read_all(model, images, size, batch, half)[0]


def predict(model: MobileNetV2, collection: Collection, rows: np.ndarray, size: int = 224, boxes: np.ndarray | None = None,
            half: bool = False) -> torch.Tensor:
    """`logits_of` for `rows` of a collection, cropped to their `boxes` [len(collection), 4] where there are any."""
    images = collection.images[rows]
    return logits_of(model, images if boxes is None else cropped_all(images, boxes[rows]), size, half=half)


def rate_at(step: int, steps: int, stage: Stage) -> float:
    """Linear warm-up, then a half cosine down to `final` of the rate."""
    warm = max(1, int(steps * stage.warmup))
    if step < warm:
        return stage.learning_rate * (step + 1) / warm
    progress = (step - warm) / max(1, steps - warm)
    return stage.learning_rate * (stage.final + (1 - stage.final) * 0.5 * (1 + math.cos(math.pi * progress)))


def _begun(plain: dict[str, object], epochs: int) -> dict[str, object]:
    """The config without the stages that a run of `epochs` epochs has not come to."""
    stages, seen = [], 0
    for stage in plain["stages"]:  # type: ignore[attr-defined]
        if seen >= epochs:
            break
        stages.append(stage)
        seen += stage["epochs"]
    return {**plain, "stages": stages}


def _groups(collection: Collection, rows: np.ndarray) -> tuple[np.ndarray, int]:
    """The class × origin number of every picture (−1 outside of `rows`), and how many there are."""
    names = np.array([f"{collection.labels[i]}:{collection.origins[i]}" for i in rows])
    kinds, numbers = np.unique(names, return_inverse=True)
    result = np.full(len(collection.labels), -1, np.int64)
    result[rows] = numbers
    return result, len(kinds)


class Teachers:
    """What several trained networks say of a picture on average; every other one sees it mirrored (so that whoever learns from
    them learns what a look at both would give)."""

    def __init__(self, paths: Sequence[Path], device: torch.device):
        self.models = [checkpoint.load_model(path).to(device, memory_format=torch.channels_last) for path in paths]

    @torch.no_grad()
    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """[N, 1, H, W] → class probabilities [N, 4]."""
        given = [torch.softmax(model(x.flip(3) if i % 2 else x).float(), 1) for i, model in enumerate(self.models)]
        return torch.stack(given).mean(0)


class Trainer:
    """One run in one folder: resumes from `last.pt`, keeps `best.pt`, writes `log.csv` and `summary.json`."""

    def __init__(self, config: Config, collection: Collection, splits: np.ndarray, out: Path, imagenet: Path | None,
                 lungs: np.ndarray | None = None, start: Path | None = None, teachers: Sequence[Path] = (), boxes: np.ndarray | None = None):
        if config.crop != (boxes is not None):
            raise TrainingFault("A run whose config says “crop” needs --boxes (training/boxes.py makes them), and no other run does.")
        if config.hidden and lungs is None:
            raise TrainingFault("The config's “hidden” hides the lungs of some pictures: give --lungs.")
        if bool(config.teaching) != bool(teachers):
            raise TrainingFault("A run learns from teachers if the config's “teaching” says how much and --teachers whose. Give both, or neither.")
        self.config, self.collection, self.out = config, collection, out
        self.parts = parts(collection, splits, config)
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        torch.set_num_threads(config.threads)
        torch.manual_seed(config.seed)
        out.mkdir(parents=True, exist_ok=True)
        cuda = torch.cuda.is_available()
        self.device = torch.device(f"cuda:{os.environ.get('LOCAL_RANK', 0)}" if cuda else "cpu")
        if self.world > 1 and not distributed.is_initialized():
            distributed.init_process_group("nccl" if cuda else "gloo")
        self.model = MobileNetV2(dropout=config.dropout)
        self.done, self.best, self.log = 0, math.inf, []
        last = out / "last.pt"
        state = checkpoint.read(last) if last.exists() else None
        if state is None and start is not None:
            self.model.load_state_dict(checkpoint.load_model(start).state_dict())
        elif state is None and imagenet is not None:
            rows = draw(np.full(len(self.parts.train), 1 / len(self.parts.train)), 128, np.random.default_rng(config.seed))
            load_imagenet(self.model, imagenet, resize(batch_of(collection.images, np.sort(self.parts.train[rows])), 128))
        self.average = copy.deepcopy(self.model)
        self.resume_optimizer = None
        if state is not None:
            if _begun(state["config"], state["epoch"]) != _begun(config.plain(), state["epoch"]):
                raise TrainingFault(f"“{out.name}” was begun with another config. Use a new folder, or remove it. (Only stages that have not begun may change.)")
            self.model.load_state_dict(state["raw"])
            self.average.load_state_dict(state["model"])
            self.done, self.best, self.log = state["epoch"], state["best"], state["log"]
            self.resume_optimizer = state["optimizer"]
        self.model.to(self.device, memory_format=torch.channels_last)
        self.average.to(self.device, memory_format=torch.channels_last)
        learned, mean = self.model.state_dict(), self.average.state_dict()
        moving = [name for name, value in learned.items() if value.dtype.is_floating_point]
        self.learned, self.mean = [learned[name] for name in moving], [mean[name] for name in moving]
        self.images, self.lungs = placed(collection.images, self.device), None if lungs is None else placed(lungs, self.device)
        self.boxes = boxes
        self.teachers = Teachers(teachers, self.device) if teachers else None
        torch.backends.cudnn.benchmark = cuda
        self.half = cuda or config.precision == "bfloat16"
        self.alpha = torch.tensor(config.alpha, device=self.device) if isinstance(config.alpha, tuple) else config.alpha
        self.groups, groups = _groups(collection, self.parts.train)
        self.robust = GroupRobust(groups, config.robust, self.device) if config.robust else None
        if self.robust is not None and state is not None:
            self.robust.weights = state["robust"].to(self.device)
        self.weights = weights_by_stratum(collection, self.parts.train, config.origin_power, config.low_share, config.origin_cap)

    def run(self) -> dict[str, object]:
        epoch = 0
        for stage in self.config.stages:
            optimizer = None
            for i in range(stage.epochs):
                epoch += 1
                if epoch <= self.done:
                    continue
                if optimizer is None:
                    optimizer = self._optimizer(stage)
                    if i > 0 and self.resume_optimizer is not None:
                        optimizer.load_state_dict(self.resume_optimizer)
                self._epoch(stage, i, epoch, optimizer)
        if self.rank == 0:
            # The card's curves go on after the kept epoch.
            checkpoint.save({**checkpoint.read(self.out / "best.pt"), "log": self.log}, self.out / "best.pt")
        summary = self._summary()
        if self.rank == 0:
            (self.out / "summary.json").write_text(json.dumps(summary, indent=1))
        return summary

    def _optimizer(self, stage: Stage) -> torch.optim.Optimizer:
        self.model.learn(stage.frozen, stage.frozen_blocks)
        decay = [p for p in self.model.parameters() if p.requires_grad and p.ndim > 1]
        plain = [p for p in self.model.parameters() if p.requires_grad and p.ndim <= 1]
        return torch.optim.AdamW(
            [{"params": decay, "weight_decay": self.config.weight_decay}, {"params": plain, "weight_decay": 0.0}],
            lr=stage.learning_rate,
        )

    def _epoch(self, stage: Stage, index: int, epoch: int, optimizer: torch.optim.Optimizer) -> None:
        c, begun = self.config, time.monotonic()
        torch.manual_seed(c.seed * 1000 + epoch)  # dropout; so that a resumed run equals an unbroken one
        generator = torch.Generator().manual_seed(c.seed * 7919 + epoch * self.world + self.rank)
        order = self.parts.train[draw(self.weights, stage.images, np.random.default_rng([c.seed, epoch]))]
        order = order[self.rank :: self.world]
        steps = max(1, len(order) // stage.batch) * stage.reuse
        model: torch.nn.Module = self.model
        if self.world > 1:
            model = DistributedDataParallel(self.model, device_ids=[self.device.index] if self.device.type == "cuda" else None)
        self.model.learn(stage.frozen, stage.frozen_blocks)
        total = torch.zeros(2, device=self.device)
        for step, (x, target, groups) in enumerate(self._batches(order, stage, generator)):
            rate = rate_at(index * steps + step, stage.epochs * steps, stage)
            for group in optimizer.param_groups:
                group["lr"] = rate
            with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.half):
                logits = model(x, stage.frozen_blocks or None).float()
                taught = None if self.teachers is None else self.teachers(x)
            losses = focal_losses(logits, target, c.gamma, self.alpha)
            loss = losses.mean() if self.robust is None else self.robust(losses, groups)
            if taught is not None:
                # α brings both to one scale.
                loss = (1 - c.teaching) * loss + c.teaching * divergences(logits, taught).mean() * torch.as_tensor(self.alpha).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
            optimizer.step()
            self._average(stage, step + index * steps)
            total += torch.stack([loss.detach(), (logits.argmax(1) == target.argmax(1)).float().mean()])
            if (step % LOOK == LOOK - 1 or step == steps - 1) and not torch.isfinite(total[0]):
                raise TrainingFault(f"The loss is not a number at epoch {epoch}, by step {step}. Lower the learning rate; the last checkpoint is whole.")
        self._close_epoch(stage, epoch, total.cpu() / steps, rate, time.monotonic() - begun, optimizer)

    def _batches(self, order: np.ndarray, stage: Stage, generator: torch.Generator) -> Iterator[tuple[torch.Tensor, ...]]:
        """Batches of pictures, targets and group numbers; of what the frozen blocks gave for them where blocks are frozen.

        A store of `STORE` batches at a time is learned from `stage.reuse` times, each time in another order.
        """
        batches = [order[i * stage.batch : (i + 1) * stage.batch] for i in range(max(1, len(order) // stage.batch))]
        front = FoldedNetwork(fold(self.model), self.device) if stage.frozen_blocks else None
        size = STORE if stage.reuse > 1 else 1
        for begin in range(0, len(batches), size):
            made = [self._batch(rows, stage, generator, front) for rows in batches[begin : begin + size]]
            x, target, groups = (torch.cat(parts) for parts in zip(*made))
            if stage.reuse == 1:
                yield (*self._mixed(x.contiguous(memory_format=torch.channels_last), target, generator), groups)
                continue
            for again in range(stage.reuse):
                for rows in Chance(generator, self.device).order(len(x)).split(stage.batch):
                    picked = x[rows].contiguous(memory_format=torch.channels_last)
                    yield (*self._mixed(picked, target[rows], generator), groups[rows])

    def _batch(self, rows: np.ndarray, stage: Stage, generator: torch.Generator,
               front: FoldedNetwork | None) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        lungs = None if self.lungs is None else batch_of(self.lungs, rows)
        x, boxes = batch_of(self.images, rows), None if self.boxes is None else torch.from_numpy(self.boxes[rows]).to(self.device)
        target = soft_targets(torch.from_numpy(self.collection.labels[rows]), len(LABELS), self.config.smoothing)
        if self.config.hidden and lungs is not None:
            chance = Chance(generator, self.device)
            # Lungs that were not found can't be hidden.
            chosen = chance.chosen(len(rows), self.config.hidden)
            chosen = chosen[lungs[chosen].mean((1, 2, 3)) > 0.08]
            x[chosen] = hide_lungs(x[chosen], lungs[chosen], chance)
            target[chosen.cpu()] = 1 / len(LABELS)
        x = augment(x, torch.from_numpy(self.collection.low[rows]), stage.size, scaled(self.config.augment, stage.strength), generator, lungs, boxes)
        if front is not None:
            x = front.front(x.contiguous(memory_format=torch.channels_last), stage.frozen_blocks)
        return x, *(t.to(self.device, non_blocking=True) for t in (target, torch.from_numpy(self.groups[rows])))

    def _mixed(self, x: torch.Tensor, target: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """Mixup (Zhang 2018) of every other batch; of frozen features where there are any (Verma 2019)."""
        mixup = self.config.mixup
        if not mixup or torch.rand(1, generator=generator) >= 0.5:
            return x, target
        share = float(np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator))).beta(mixup, mixup))
        other = Chance(generator, self.device).order(len(x))
        return share * x + (1 - share) * x[other], share * target + (1 - share) * target[other]

    @torch.no_grad()
    def _average(self, stage: Stage, step: int) -> None:
        """Exponential moving average of weights and statistics; it forgets fast at first."""
        keep = 0.0 if stage.frozen else min(self.config.average, (1 + step) / (10 + step))
        torch._foreach_mul_(self.mean, keep)
        torch._foreach_add_(self.mean, self.learned, alpha=1 - keep)

    def _close_epoch(self, stage: Stage, epoch: int, means: torch.Tensor, rate: float, seconds: float,
                     optimizer: torch.optim.Optimizer) -> None:
        logits = predict(self.average, self.collection, self.parts.validation, stage.size, self.boxes, self.half)
        labels = torch.from_numpy(self.collection.labels[self.parts.validation])
        loss = focal_loss(logits, soft_targets(labels, len(LABELS)), self.config.gamma,
                          self.alpha.cpu() if isinstance(self.alpha, torch.Tensor) else self.alpha).item()
        accuracy = (logits.argmax(1) == labels).float().mean().item()
        row = dict(zip(LOG_COLUMNS, (epoch, stage.name, round(means[1].item(), 5), round(means[0].item(), 6),
                                     round(accuracy, 5), round(loss, 6), rate, round(seconds, 1))))
        self.log.append(row)
        if self.rank != 0:
            return
        print(json.dumps(row), flush=True)
        better = loss < self.best
        self.best = min(self.best, loss)
        state = {"model": self.average.state_dict(), "config": self.config.plain(), "epoch": epoch, "best": self.best, "log": self.log}
        if better:
            checkpoint.save(state, self.out / "best.pt")
        robust = {} if self.robust is None else {"robust": self.robust.weights.cpu()}
        checkpoint.save({**state, **robust, "raw": self.model.state_dict(), "optimizer": optimizer.state_dict()}, self.out / "last.pt")
        with (self.out / "log.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, LOG_COLUMNS)
            writer.writeheader()
            writer.writerows(self.log)

    def _summary(self) -> dict[str, object]:
        """Recall per class × origin on validation, and on everything that was left out."""
        model = checkpoint.load_model(self.out / "best.pt").to(self.device, memory_format=torch.channels_last)
        size = self.config.stages[-1].size
        groups = {"validation": self.parts.validation, **self.parts.outside}
        result: dict[str, object] = {"best_val_loss": self.best, "size": size}
        for name, rows in groups.items():
            answers = predict(model, self.collection, rows, size, self.boxes, self.half).argmax(1).numpy()
            table = {}
            for key in sorted({(int(self.collection.labels[i]), str(self.collection.origins[i])) for i in rows}):
                here = (self.collection.labels[rows] == key[0]) & (self.collection.origins[rows] == key[1])
                counts = np.bincount(answers[here], minlength=len(LABELS)).tolist()
                table[f"{LABELS[key[0]]} · {key[1]}"] = {"images": int(here.sum()), "recall": counts[key[0]] / int(here.sum()), "answers": counts}
            result[name] = {"accuracy": float((answers == self.collection.labels[rows]).mean()), "groups": table}
        return result
