package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Notes which files in some directories are opened, by whomever, as the kernel tells it (fanotify(7)). The kernel queues
 * a short note for each file opened and nobody waits for it to be read, so that programs are hardly slowed. It needs
 * Linux 5.9, and 6.6 where the directories are on overlayfs.
 */
public final class OpenedFiles implements AutoCloseable {

    private static final int CLOSE_ON_EXEC = 0x1;
    private static final int NON_BLOCKING = 0x2;
    private static final int REPORT_DIRECTORY_AND_NAME = 0xc00;
    private static final int ADD = 0x1;
    private static final int NO_FOLLOW = 0x4;
    private static final int IGNORE = 0x20;
    private static final int THOUGH_MODIFIED = 0x40;
    private static final long OPENED = 0x20;
    private static final long BY_CHILDREN = 0x08000000;
    private static final long LOST = 0x4000;
    private static final int AT_HANDLE_FID = 0x200;
    private static final int HANDLE_BYTES = 128;
    private static final int BUFFER = 64 * 1024;

    /** The kernel queues 16,384 notes: often enough, so that few programs are too fast. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Path root;
    private final int fd;
    private final int most;
    private final Map<ByteBuffer, String> directories = new HashMap<>();
    private final Set<String> opened = new TreeSet<>();
    private final byte[] buffer = new byte[BUFFER];
    private Thread reader;
    private boolean incomplete;
    private boolean closed;

    private OpenedFiles(Path root, int fd, int most) {
        this.root = root;
        this.fd = fd;
        this.most = most;
    }

    /**
     * Begins to watch.
     *
     * @param root what the directories are seen from
     * @param directories absolute paths, seen from the root; one that is not there is passed over
     * @param most give up when more files are opened
     * @return empty where the kernel refuses
     */
    public static Optional<OpenedFiles> watch(Path root, Collection<String> directories, int most) {
        try {
            int fd = LibC.C.fanotify_init(CLOSE_ON_EXEC | NON_BLOCKING | REPORT_DIRECTORY_AND_NAME, 0);
            OpenedFiles watch = new OpenedFiles(root, fd, most);
            for (String directory : directories) {
                watch.mark(root.resolve(directory.substring(1)), directory);
            }
            if (watch.directories.isEmpty()) {
                watch.close();
                return Optional.empty();
            }
            watch.reader = Thread.ofVirtual().name("opened-files").start(watch::readOn);
            return Optional.of(watch);
        } catch (LastErrorException | UnsatisfiedLinkError refused) {
            return Optional.empty();
        }
    }

    private void mark(Path path, String name) {
        byte[] bytes = PathBytes.terminated(path);
        try {
            LibC.C.fanotify_mark(fd, ADD, OPENED | BY_CHILDREN, LibC.AT_FDCWD, bytes);
            ByteBuffer handle = ByteBuffer.allocate(8 + HANDLE_BYTES).order(ByteOrder.nativeOrder());
            handle.putInt(0, HANDLE_BYTES);
            LibC.C.name_to_handle_at(LibC.AT_FDCWD, bytes, handle.array(), new int[1], AT_HANDLE_FID);
            int length = handle.getInt(0);
            directories.put(ByteBuffer.wrap(Arrays.copyOfRange(handle.array(), 8, 8 + length)), name);
        } catch (LastErrorException notThere) {
            // Nothing in it can be opened.
        }
    }

    private void readOn() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    read();
                }
            }
        } catch (InterruptedException over) {
            // Closed.
        }
    }

    /** What has been opened so far, as absolute paths seen from the root; empty when it is not all known. */
    public synchronized Optional<Set<String>> paths() {
        if (!closed) {
            read();
        }
        return incomplete ? Optional.empty() : Optional.of(Set.copyOf(opened));
    }

    private void read() {
        try {
            while (!incomplete) {
                int length =
                        LibC.C.read(fd, buffer, new NativeLong(buffer.length)).intValue();
                take(ByteBuffer.wrap(buffer, 0, length).order(ByteOrder.nativeOrder()));
            }
        } catch (LastErrorException noMore) {
            // EAGAIN: the queue is empty.
        }
    }

    /** Takes events: each a header, then the handle of a directory and a name (fanotify_event_info_fid). */
    private void take(ByteBuffer events) {
        for (int at = 0; at + 24 <= events.limit(); at += Math.max(24, events.getInt(at))) {
            int end = at + events.getInt(at);
            int info = at + Short.toUnsignedInt(events.getShort(at + 6));
            if ((events.getLong(at + 8) & LOST) != 0) {
                incomplete = true;
                end();
            }
            if (incomplete) {
                return;
            }
            if (info + 20 > end) {
                continue;
            }
            int handle = events.getInt(info + 12);
            int start = info + 20;
            String directory = directories.get(ByteBuffer.wrap(Arrays.copyOfRange(buffer, start, start + handle)));
            int nameEnd = start + handle;
            while (nameEnd < end && buffer[nameEnd] != 0) {
                nameEnd++;
            }
            String name = new String(buffer, start + handle, nameEnd - start - handle, StandardCharsets.UTF_8);
            if (directory != null && !name.equals(".")) {
                opened(directory.equals("/") ? "/" + name : directory + "/" + name);
            }
        }
    }

    private void opened(String path) {
        if (!opened.add(path)) {
            return;
        }
        if (opened.size() > most) {
            incomplete = true;
            end();
            return;
        }
        try {
            // Once is enough: what is opened again and again is not to be slowed.
            LibC.C.fanotify_mark(
                    fd,
                    ADD | NO_FOLLOW | IGNORE | THOUGH_MODIFIED,
                    OPENED,
                    LibC.AT_FDCWD,
                    PathBytes.terminated(root.resolve(path.substring(1))));
        } catch (LastErrorException goneOrOld) {
            // It will be told of again.
        }
    }

    /** Takes all marks away. */
    private void end() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            LibC.C.close(fd);
        } catch (LastErrorException gone) {
            // Nothing is left to be closed.
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            end();
        }
        if (reader != null) {
            reader.interrupt();
        }
    }
}
