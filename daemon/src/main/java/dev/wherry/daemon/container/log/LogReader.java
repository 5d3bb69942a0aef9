package dev.wherry.daemon.container.log;

import dev.wherry.daemon.container.log.LogFiles.Part;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.runtime.OutputSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the log that conmon writes ("k8s-file"): a line an entry, which holds the time, the stream, F or P, and the
 * content. F is the last part of a line, P an earlier one. Never more than one block and one entry are in memory, and
 * who writes never waits: a file that is put aside or removed meanwhile is read to its end all the same.
 */
final class LogReader {

    static final int BLOCK = 64 << 10;
    /** conmon cuts at 8 KiB; a longer entry is not its own and is passed on in parts. */
    static final int LONGEST_ENTRY = 256 << 10;

    static final int FULL_MARK_AT = 7;
    /** How long it may take to see that a container has ended. */
    private static final long PATIENCE_MILLIS = 200;

    private final LogFiles files;
    private final LogRequest request;
    private final LogEntries entries;
    private final FolderWatch watch;
    private byte[] carried = new byte[0];

    LogReader(LogFiles files, LogRequest request, String attributes, OutputSink sink, FolderWatch watch) {
        this.files = files;
        this.request = request;
        this.entries = new LogEntries(request, attributes, sink);
        this.watch = watch;
    }

    private record Place(Part part, FileChannel channel, long position) {}

    void read(LoggedRun run) throws InterruptedException {
        try {
            Optional<Place> start = start(run);
            if (start.isEmpty()) {
                return;
            }
            try (FolderWatch.Waiting changes = request.follow() ? watch.on(files.folder()) : null) {
                Optional<Part> next = read(start.get(), run, changes);
                while (next.isPresent()) {
                    // What is gone already was too old to be kept.
                    Optional<Place> place = open(next.get());
                    next = place.isPresent() ? read(place.get(), run, changes) : files.after(next.get());
                }
            }
        } catch (NoSuchFileException neverStarted) {
            // Then nothing was ever written.
        } catch (IOException failure) {
            throw new HostException("cannot read the log " + files.current() + ": " + failure.getMessage(), failure);
        }
    }

    /** Reads a file to its end, and returns the one after it. */
    private Optional<Part> read(Place place, LoggedRun run, FolderWatch.Waiting changes)
            throws IOException, InterruptedException {
        try (FileChannel channel = place.channel()) {
            long position = place.position();
            Optional<Part> next = Optional.empty();
            while (!entries.isPastEnd()) {
                boolean last = !request.follow() || !run.goesOn();
                ByteBuffer block = ByteBuffer.allocate(BLOCK);
                int length = channel.read(block, position);
                if (length > 0) {
                    position += length;
                    if (request.follow()) {
                        entries.endBefore(run.successor());
                    }
                    carried = split(join(carried, block.array(), length));
                } else if (next.isPresent()) {
                    return next;
                } else {
                    next = files.after(place.part());
                    if (next.isEmpty() && last) {
                        return next;
                    }
                    if (next.isEmpty()) {
                        changes.await(PATIENCE_MILLIS);
                    }
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<Place> open(Part part) throws IOException {
        try {
            return Optional.of(new Place(part, FileChannel.open(part.path()), 0));
        } catch (NoSuchFileException removed) {
            return Optional.empty();
        }
    }

    private byte[] split(byte[] bytes) {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                entries.accept(bytes, start, i);
                start = i + 1;
            }
        }
        if (bytes.length - start > LONGEST_ENTRY) {
            entries.accept(bytes, start, bytes.length);
            return new byte[0];
        }
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    static byte[] join(byte[] first, byte[] second, int length) {
        byte[] joined = Arrays.copyOf(first, first.length + length);
        System.arraycopy(second, 0, joined, first.length, length);
        return joined;
    }

    /** Where to begin; waits for the first file of a container that has just been started. */
    private Optional<Place> start(LoggedRun run) throws IOException, InterruptedException {
        List<Part> parts = files.parts();
        while (parts.isEmpty() && request.follow() && run.goesOn()) {
            Thread.sleep(PATIENCE_MILLIS / 10);
            parts = files.parts();
        }
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        int tail = request.tail().orElse(-1);
        return tail >= 0 ? lastLines(parts, tail) : fromTime(parts);
    }

    private Optional<Place> lastLines(List<Part> parts, int wanted) throws IOException {
        LogTail tail = new LogTail(wanted);
        Optional<Place> oldest = Optional.empty();
        for (Part part : parts.reversed()) {
            Optional<Place> place = open(part);
            if (place.isEmpty()) {
                break;
            }
            if (oldest.isPresent()) {
                oldest.get().channel().close();
            }
            oldest = place;
            FileChannel channel = place.get().channel();
            long position = wanted == 0 ? channel.size() : tail.find(channel);
            if (position >= 0) {
                return Optional.of(new Place(part, channel, position));
            }
        }
        return oldest;
    }

    private Optional<Place> fromTime(List<Part> parts) throws IOException {
        for (Part part : parts.reversed()) {
            Optional<Place> place = open(part);
            if (place.isEmpty()) {
                continue;
            }
            FileChannel channel = place.get().channel();
            boolean begins = request.since().isPresent()
                    && LogSearch.beginsBefore(channel, request.since().get());
            if (begins) {
                return Optional.of(new Place(
                        part, channel, LogSearch.find(channel, request.since().get())));
            }
            if (part == parts.getFirst()) {
                return place;
            }
            channel.close();
        }
        return Optional.empty();
    }
}
