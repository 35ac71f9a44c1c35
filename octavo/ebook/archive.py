"""The archive: a ZIP whose bytes depend on its files' names, contents and order alone.

Comes in: files. Goes out: the archive. The one decision: a file is packed apart from the
archive, so that one that stays the same need not be packed again. Python's own writer would
deflate what it is given; all else in the archive is written by it.
"""

import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP can tell: that of every file in the archive."""
UNIX = 3
PLAIN_FILE = 0o100644
RAW = -15
"""The whole window of zlib, and no header of its own: as a ZIP wants it."""
HARDEST = 9


# Without slots it is pickled, and read again, more quickly.
@dataclass(frozen=True)
class Packed:
    """A file as the archive holds it."""

    size: int
    """Of what was packed."""
    checksum: int
    method: int
    data: bytes


def deflated(data: bytes) -> Packed:
    """Pack *data* as small as zlib can."""
    packer = zlib.compressobj(HARDEST, zlib.DEFLATED, RAW)
    packed = packer.compress(data) + packer.flush()
    return Packed(len(data), zlib.crc32(data), zipfile.ZIP_DEFLATED, packed)


def stored(data: bytes) -> Packed:
    """Leave *data* as it is: it is packed in itself, or must be seen."""
    return Packed(len(data), zlib.crc32(data), zipfile.ZIP_STORED, data)


class Archive(zipfile.ZipFile):
    """A ZIP in the making, without a clock."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,  # noqa: ARG002 - what is not packed yet is deflated
        compresslevel: int | None = None,  # noqa: ARG002
    ) -> None:
        """Add *data*, which is ``Packed``, or text or bytes to be deflated."""
        if not isinstance(data, Packed):
            data = deflated(data.encode() if isinstance(data, str) else data)
        info = zipfile.ZipInfo(str(zinfo_or_arcname), EPOCH)
        info.create_system = UNIX
        info.external_attr = PLAIN_FILE << 16
        info.compress_type = data.method
        info.file_size, info.compress_size = data.size, len(data.data)
        info.CRC = data.checksum
        self._add(info, data.data)

    def _add(self, info: zipfile.ZipInfo, packed: bytes) -> None:
        """Write what ``ZipFile.open`` would: a header, then *packed*, and note the file."""
        assert self.fp
        assert info.filename not in self.NameToInfo
        info.header_offset = self.fp.tell()
        self.fp.write(info.FileHeader())
        self.fp.write(packed)
        self.start_dir = self.fp.tell()
        self.filelist.append(info)
        self.NameToInfo[info.filename] = info
        self._didModify = True
