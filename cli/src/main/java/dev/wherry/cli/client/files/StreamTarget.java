package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.OutputEntry;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** An output that is one stream, for a file or standard output. A file appears under its name when it is complete. */
public final class StreamTarget implements OutputTarget {
    private final OutputStream out;
    /** Where the stream goes until it is complete; {@code null} when at once to where it belongs. */
    private final Path partial;

    private final Path file;

    private StreamTarget(OutputStream out, Path partial, Path file) {
        this.out = out;
        this.partial = partial;
        this.file = file;
    }

    /**
     * The file that a user named, or standard output.
     *
     * @param file empty for standard output
     */
    public static StreamTarget of(String file, PrintStream stdout) throws IOException {
        return file.isEmpty() ? stdout(stdout) : file(Path.of(file));
    }

    public static StreamTarget stdout(PrintStream stdout) {
        return new StreamTarget(
                new FilterOutputStream(stdout) {
                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        stdout.write(bytes, offset, length);
                        if (stdout.checkError()) {
                            throw new IOException("standard output cannot be written");
                        }
                    }

                    @Override
                    public void close() {
                        stdout.flush();
                    }
                },
                null,
                null);
    }

    public static StreamTarget file(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new Failure("output file " + file + " is a directory");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A pipe or a device.
            return new StreamTarget(Files.newOutputStream(file, StandardOpenOption.WRITE), null, file);
        }
        Path place = Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file;
        Path partial = place.resolveSibling(
                "." + place.getFileName() + "." + ProcessHandle.current().pid());
        return new StreamTarget(
                Files.newOutputStream(
                        partial,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE),
                partial,
                place);
    }

    @Override
    public void begin(OutputEntry entry) throws IOException {
        throw new IOException("wherryd sent a file where a stream was asked for");
    }

    @Override
    public void write(ByteString data) throws IOException {
        data.writeTo(out);
    }

    @Override
    public void finish() throws IOException {
        out.close();
        if (partial != null) {
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void abandon() {
        try {
            out.close();
            if (partial != null) {
                Files.deleteIfExists(partial);
            }
        } catch (IOException told) {
            // What went wrong first is what the user has to know.
        }
    }
}
