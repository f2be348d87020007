"""The datasets, transforms and loaders of lessons 1 to 3."""

import csv
import unicodedata
from pathlib import Path

import torch
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import v2

from .files.finding import open_divided
from .files.kinds import explained, to_path
from .files.reading import read_picture
from .settings import expects


@explained()
def read_table(csv_file: str | Path) -> list[tuple[Path, str]]:
    """(path of a picture, class name) for each line `file,class name` of a CSV file in UTF-8, without headings.

    file is relative to the folder of csv_file. ValueError, with the number of the line, for the first that is wrong.
    """
    csv_file, rows, known = to_path(csv_file), [], {}
    if not csv_file.is_file():
        raise FileNotFoundError(f"There is no table {csv_file.absolute()}.")
    for number, line in enumerate(csv_file.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        where = f"{csv_file}, line {number}"
        try:
            cells = [cell.strip() for cell in next(csv.reader([line.decode()], strict=True, skipinitialspace=True), [])]
        except UnicodeDecodeError:
            raise ValueError(f"{where}: its letters are not stored as UTF-8. Save it as CSV UTF-8.") from None
        except csv.Error as error:
            raise ValueError(f"{where}: {error}. Is a quotation mark missing?") from None
        if not any(cells):
            continue
        if len(cells) == 1:
            raise ValueError(f"{where}: 1 column, {cells[0]!r}. Expected two, divided by a comma: file,class name.")
        if len(cells) != 2:
            raise ValueError(f"{where}: {len(cells)} columns, expected file,class name. (pandas: index=False.)")
        file, name = csv_file.parent / cells[0], unicodedata.normalize("NFC", cells[1])
        if not name:
            raise ValueError(f"{where}: no class name for {cells[0]}. Expected file,class name.")
        if not file.is_file():
            advice = "Expected names with ending, such as ants/1.jpg, in the very letters of the files."
            if (csv_file.parent / cells[1]).is_file():
                advice = "The columns are exchanged: expected file,class name."
            elif not rows and not file.suffix:
                advice = "Is it a line of headings? Delete it. Or are the endings of the files missing?"
            raise ValueError(f"{where}: there is no file {cells[0]} beside the table. {advice}")
        if known.setdefault(file, name) != name:
            raise ValueError(f"{where}: {cells[0]} is of class {name} here, and of {known[file]} before.")
        rows.append((file, name))
    if not rows:
        raise ValueError(f"{csv_file}: it has no lines. Expected file,class name in each.")
    if len(classes := set(known.values())) == 1:
        raise ValueError(f"{csv_file}: it has only one class, {classes.pop()}. Expected two or more.")
    return rows


class CsvDataset(torch.utils.data.Dataset):
    """Lesson 1: pictures listed in a CSV file. It stands in a module, so that DataLoader workers can import it.

    csv_file: as read_table takes it. Index it to get (PIL picture, or what transform makes of it, class number).
    """

    def __init__(self, csv_file, transform=None):
        self.rows, self.transform = read_table(csv_file), transform
        self.classes = sorted({name for _, name in self.rows})

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        file, name = self.rows[index]
        image = read_picture(file)
        if self.transform:
            image = self.transform(image)
        return image, self.classes.index(name)


@expects(data_dir=open_divided)
def build_datasets(data_dir: Path, transforms: dict) -> dict[str, datasets.ImageFolder]:
    """Lesson 1: one ImageFolder for each of train, val and test. Index it to get (picture, class number)."""
    return {
        split: datasets.ImageFolder(Path(data_dir, split), transforms[split], loader=read_picture)
        for split in ["train", "val", "test"]
    }


@expects(image_size=1)
def build_transforms(image_size: int) -> dict:
    """Lesson 2: random crops and flips for train, a fixed centre crop for val and test.

    PIL picture in, tensor (3, image_size, image_size) float32 out, normalized with ImageNet's mean and std.
    """
    to_tensor = [
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    ]
    crop_and_flip = [v2.RandomResizedCrop(image_size, scale=(0.5, 1.0)), v2.RandomHorizontalFlip()]
    train = v2.Compose([*crop_and_flip, *to_tensor])
    fixed = v2.Compose([v2.Resize(image_size * 8 // 7), v2.CenterCrop(image_size), *to_tensor])
    return {"train": train, "val": fixed, "test": fixed}


@expects(image_size=1, batch_size=1)
def build_loaders(data_dir: Path, image_size: int, batch_size: int = 16) -> dict[str, DataLoader]:
    """Lesson 3: batches ((N, 3, image_size, image_size) float32, (N,) int64); only train is shuffled.

    Of train, a last batch that is not full is left out: of a single picture, BatchNorm could not learn.
    The class names are in loaders["train"].dataset.classes.
    """
    loaders, pin_memory = {}, torch.cuda.is_available()
    for split, dataset in build_datasets(data_dir, build_transforms(image_size)).items():
        train = split == "train"
        drop_last = train and len(dataset) > batch_size  # never drop the only batch
        loaders[split] = DataLoader(dataset, batch_size, shuffle=train, drop_last=drop_last, pin_memory=pin_memory)
    return loaders
