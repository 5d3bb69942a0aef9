package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.snapshot.layer.LayerDifference.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the first difference of two layers, in the order in which their streams have the files. */
public final class LayerComparison {

    private static final int BUFFER = 1 << 16;
    /** How much of differing text is shown. */
    private static final int SHOWN = 24;

    private final Path first;
    private final Path second;

    /** @param first the folder of one layer, and {@code second} that of the other */
    public LayerComparison(Path first, Path second) {
        this.first = first;
        this.second = second;
    }

    /** Only of what a layer can say: what its stream leaves out is not looked at. */
    public Optional<LayerDifference> find() throws IOException {
        return directories(Path.of(""));
    }

    private Optional<LayerDifference> directories(Path relative) throws IOException {
        Map<Path, Path> ones = children(first.resolve(relative));
        Map<Path, Path> others = children(second.resolve(relative));
        SortedMap<Path, Boolean> names = new TreeMap<>();
        ones.keySet().forEach(name -> names.put(name, true));
        others.keySet().forEach(name -> names.put(name, true));
        for (Path name : names.keySet()) {
            Path child = relative.resolve(name);
            if (!others.containsKey(name)) {
                return found(child, Kind.PRESENCE, "only the first build has it");
            }
            if (!ones.containsKey(name)) {
                return found(child, Kind.PRESENCE, "only the second build has it");
            }
            Optional<LayerDifference> difference = files(child);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private static Map<Path, Path> children(Path directory) throws IOException {
        Map<Path, Path> children = new TreeMap<>();
        for (Path child : FileTrees.list(directory)) {
            FileStatus status = Inodes.status(child);
            boolean said = status.type() != FileStatus.SOCKET && !Whiteouts.is(PathBytes.of(child.getFileName()));
            if (said) {
                children.put(child.getFileName(), child);
            }
        }
        return children;
    }

    private Optional<LayerDifference> files(Path relative) throws IOException {
        Path a = first.resolve(relative);
        Path b = second.resolve(relative);
        FileStatus one = Inodes.status(a);
        FileStatus other = Inodes.status(b);
        if (one.isWhiteout() && other.isWhiteout()) {
            return Optional.empty();
        }
        if (one.type() != other.type() || one.isWhiteout() != other.isWhiteout()) {
            return found(relative, Kind.TYPE, type(one) + ", then " + type(other));
        }
        Optional<LayerDifference> inner = switch (one.type()) {
            case FileStatus.DIRECTORY ->
                OpaqueMark.is(a) == OpaqueMark.is(b)
                        ? directories(relative)
                        : found(relative, Kind.TYPE, "only one of the builds removed it and made it anew");
            case FileStatus.REGULAR -> content(relative, a, b, one, other);
            case FileStatus.SYMLINK -> links(relative, Inodes.readlink(a), Inodes.readlink(b));
            default -> one.rdev() == other.rdev() ? Optional.empty() : found(relative, Kind.TYPE, "another device");
        };
        return inner.isPresent() ? inner : attributes(relative, a, b, one, other);
    }

    private static Optional<LayerDifference> attributes(Path relative, Path a, Path b, FileStatus one, FileStatus other)
            throws IOException {
        if (one.permissions() != other.permissions()) {
            return found(
                    relative, Kind.MODE, String.format("mode %04o, then %04o", one.permissions(), other.permissions()));
        }
        if (one.uid() != other.uid() || one.gid() != other.gid()) {
            String what = "owner " + one.uid() + ":" + one.gid() + ", then " + other.uid() + ":" + other.gid();
            return found(relative, Kind.OWNER, what);
        }
        if (one.modified() != other.modified()) {
            String what = "time " + Instant.ofEpochSecond(one.modified()) + ", then "
                    + Instant.ofEpochSecond(other.modified());
            return found(relative, Kind.TIME, what);
        }
        if (one.isRegular() || one.isDirectory()) {
            SortedMap<String, byte[]> ones = KeptXattrs.read(a);
            SortedMap<String, byte[]> others = KeptXattrs.read(b);
            boolean same = ones.keySet().equals(others.keySet())
                    && ones.keySet().stream().allMatch(name -> Arrays.equals(ones.get(name), others.get(name)));
            if (!same) {
                return found(relative, Kind.ATTRIBUTE, "extended attributes");
            }
        }
        return Optional.empty();
    }

    private static Optional<LayerDifference> links(Path relative, byte[] one, byte[] other) {
        return Arrays.equals(one, other)
                ? Optional.empty()
                : found(
                        relative,
                        Kind.LINK,
                        "link to " + text(one, one.length) + ", then " + text(other, other.length));
    }

    private static Optional<LayerDifference> content(Path relative, Path a, Path b, FileStatus one, FileStatus other)
            throws IOException {
        try (InputStream as = open(a);
                InputStream bs = open(b)) {
            byte[] x = new byte[BUFFER];
            byte[] y = new byte[BUFFER];
            long offset = 0;
            while (true) {
                int xs = as.readNBytes(x, 0, BUFFER);
                int ys = bs.readNBytes(y, 0, BUFFER);
                int at = Arrays.mismatch(x, 0, xs, y, 0, ys);
                if (at >= 0) {
                    String sizes = one.size() == other.size()
                            ? " of " + one.size()
                            : " (" + one.size() + " bytes, then " + other.size() + ")";
                    String what = "content from byte " + (offset + at) + sizes + excerpts(x, xs, y, ys, at);
                    return Optional.of(new LayerDifference("/" + relative, Kind.CONTENT, what, offset + at));
                }
                if (xs < BUFFER) {
                    return Optional.empty();
                }
                offset += xs;
            }
        }
    }

    private static InputStream open(Path file) throws IOException {
        return new BufferedInputStream(
                Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS), BUFFER);
    }

    private static String excerpts(byte[] x, int xs, byte[] y, int ys, int at) {
        return ": " + text(Arrays.copyOfRange(x, at, xs), SHOWN) + ", then "
                + text(Arrays.copyOfRange(y, at, ys), SHOWN);
    }

    /** The beginning of some bytes: as text where they are text to the end of the line, else as numbers. */
    private static String text(byte[] bytes, int most) {
        int end = 0;
        while (end < Math.min(bytes.length, most) && bytes[end] >= ' ' && bytes[end] < 0x7f) {
            end++;
        }
        if (bytes.length == 0) {
            return "the end";
        }
        if (end == Math.min(bytes.length, most) || bytes[end] == '\n' && end > 0) {
            return '"' + new String(bytes, 0, end, StandardCharsets.US_ASCII) + '"';
        }
        StringBuilder numbers = new StringBuilder();
        for (byte b : Arrays.copyOf(bytes, Math.min(bytes.length, 4))) {
            numbers.append(numbers.isEmpty() ? "" : " ").append(String.format("%02x", b & 0xff));
        }
        return numbers.toString();
    }

    private static String type(FileStatus status) {
        if (status.isWhiteout()) {
            return "removed";
        }
        return switch (status.type()) {
            case FileStatus.DIRECTORY -> "a directory";
            case FileStatus.REGULAR -> "a file";
            case FileStatus.SYMLINK -> "a link";
            case FileStatus.FIFO -> "a pipe";
            default -> "a device";
        };
    }

    private static Optional<LayerDifference> found(Path relative, Kind kind, String what) {
        return Optional.of(new LayerDifference("/" + relative, kind, what, -1));
    }
}
