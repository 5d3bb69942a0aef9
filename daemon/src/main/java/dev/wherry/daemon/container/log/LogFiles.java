package dev.wherry.daemon.container.log;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.config.LogOptions;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.metadata.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of one log: {@code log}, which is written, and those put aside before, {@code log.1}, {@code log.2} and so
 * on, the lowest number the oldest. Numbers are never used again while a later file is there. The container of a pod
 * writes where the pod says; what others put aside there is not known here.
 *
 * @param name of the file that is written
 */
public record LogFiles(Path folder, String name) {

    /** The command that makes conmon open a new log file. */
    private static final byte[] REOPEN = "2 0 0\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * One of the files, as it was found.
     *
     * @param number 0 for the one that is written
     * @param latest the highest number there was then
     */
    record Part(Path path, long number, long inode, long latest) {}

    /** Of a container of no pod. */
    public LogFiles(Path folder) {
        this(folder, ContainerLayout.LOG);
    }

    static LogFiles of(Layout layout, Container container) {
        Path file = ContainerLayout.of(layout, container.id()).log(container);
        return new LogFiles(file.getParent(), file.getFileName().toString());
    }

    public Path current() {
        return folder.resolve(name);
    }

    /** All files of the log, oldest first. */
    List<Part> parts() throws IOException {
        List<Long> numbers = numbers();
        List<Part> parts = new ArrayList<>();
        for (long number : numbers) {
            part(number, numbers).ifPresent(parts::add);
        }
        part(0, numbers).ifPresent(parts::add);
        return parts;
    }

    private Optional<Part> part(long number, List<Long> numbers) throws IOException {
        Path path = number == 0 ? current() : folder.resolve(name + "." + number);
        long latest = numbers.isEmpty() ? 0 : numbers.getLast();
        return Inodes.find(path)
                .filter(FileStatus::isRegular)
                .map(status -> new Part(path, number, status.inode(), latest));
    }

    private List<Long> numbers() throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                folder, file -> file.getFileName().toString().startsWith(name + "."))) {
            for (Path file : files) {
                String number = file.getFileName().toString().substring(name.length() + 1);
                if (number.matches("[1-9][0-9]{0,17}")) {
                    numbers.add(Long.parseLong(number));
                }
            }
        } catch (NoSuchFileException neverStarted) {
            return List.of();
        }
        numbers.sort(null);
        return numbers;
    }

    /** The next file after one that has been read to its end; empty while that file is still written. */
    Optional<Part> after(Part read) throws IOException {
        List<Long> numbers = numbers();
        long number = read.number();
        if (number == 0) {
            Optional<Part> now = part(0, numbers);
            if (now.isEmpty() || now.get().inode() == read.inode()) {
                // Renamed, but not yet made anew: the old one is still written.
                return Optional.empty();
            }
            number = read.latest();
            for (long aside : numbers) {
                if (part(aside, numbers)
                        .filter(file -> file.inode() == read.inode())
                        .isPresent()) {
                    number = aside;
                }
            }
        }
        for (long next : numbers) {
            if (next > number) {
                return part(next, numbers);
            }
        }
        return part(0, numbers);
    }

    /**
     * Rotates the log: renames the current file, makes conmon open a new one, and removes files beyond the limits.
     *
     * @param control the pipe on which conmon listens
     */
    public void rotate(Path control, LogOptions options) throws IOException {
        List<Long> numbers = new ArrayList<>(numbers());
        long next = numbers.isEmpty() ? 1 : numbers.getLast() + 1;
        Files.move(current(), folder.resolve(name + "." + next));
        numbers.add(next);
        reopen(control);
        trim(numbers, options);
    }

    /** Makes conmon go on in a new file, after somebody has put the present one aside. */
    static void reopen(Path control) throws IOException {
        // Opened for both, a named pipe does not wait for its reader.
        try (FileChannel pipe = FileChannel.open(control, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            pipe.write(ByteBuffer.wrap(REOPEN));
        }
    }

    /** The newest rotated file stays even if only one file is allowed, or each rotation would lose the last lines. */
    private void trim(List<Long> numbers, LogOptions options) throws IOException {
        long bytes = 0;
        int files = 1;
        for (long number : numbers.reversed()) {
            Path file = folder.resolve(name + "." + number);
            files++;
            bytes += Inodes.find(file).map(FileStatus::size).orElse(0L);
            boolean tooMuch = files > options.maxFiles() || bytes > options.maxBytes() * options.maxFiles();
            if (tooMuch && number != numbers.getLast()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Removes all rotated files: the current file was lost, and a log must have no holes. */
    void forgetAside() throws IOException {
        for (long number : numbers()) {
            Files.deleteIfExists(folder.resolve(name + "." + number));
        }
    }
}
