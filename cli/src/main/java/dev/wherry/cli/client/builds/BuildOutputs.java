package dev.wherry.cli.client.builds;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.files.FolderTarget;
import dev.wherry.cli.client.files.OutputTarget;
import dev.wherry.cli.client.files.StreamTarget;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.OutputEntry;
import dev.wherry.v1.OutputManifest;
import dev.wherry.v1.OutputPiece;
import dev.wherry.v1.OutputPieces;
import dev.wherry.v1.WantedEntries;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The outputs of a build that the client receives, by their index in the request. What the daemon sends is written
 * as it comes; the daemon waits meanwhile. Closed when the build has ended, well or not.
 */
public final class BuildOutputs implements AutoCloseable {
    private final Map<Integer, OutputTarget> targets = new HashMap<>();
    /** One thread compares, another one writes. */
    private final ReentrantLock lock = new ReentrantLock();

    /** An output that goes into a file, which replaces another one when it is complete. */
    public void file(int output, Path file) throws IOException {
        targets.put(output, StreamTarget.file(file));
    }

    /** An output that goes to standard output. */
    public void stdout(int output, PrintStream stdout) {
        targets.put(output, StreamTarget.stdout(stdout));
    }

    /**
     * An output that goes into a folder.
     *
     * @param warn told of what cannot be made here
     */
    public void folder(int output, Path folder, Consumer<String> warn) throws IOException {
        targets.put(output, FolderTarget.of(folder, warn));
    }

    /**
     * Compares what an output will have with what is there.
     *
     * @return what of it is to be sent, once its last entry has been compared
     */
    Optional<WantedEntries> compare(OutputManifest manifest) throws IOException {
        lock.lock();
        try {
            if (!(targets.get(manifest.getOutput()) instanceof FolderTarget folder)) {
                throw new IOException("wherryd sent what was not asked for");
            }
            for (OutputEntry entry : manifest.getEntriesList()) {
                folder.compare(entry);
            }
            return manifest.getLast() ? Optional.of(folder.wanted()) : Optional.empty();
        } catch (InvalidPathException failure) {
            throw new IOException("wherryd sent a file with a name that cannot be", failure);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes what came.
     *
     * @throws Failure when it cannot be written
     */
    public void accept(OutputPieces pieces) {
        lock.lock();
        try {
            for (OutputPiece piece : pieces.getPiecesList()) {
                OutputTarget target = targets.get(piece.getOutput());
                if (target == null) {
                    throw new IOException("wherryd sent what was not asked for");
                }
                switch (piece.getPieceCase()) {
                    case ENTRY -> target.begin(piece.getEntry());
                    case DATA -> target.write(piece.getData());
                    case LAST -> {
                        target.finish();
                        targets.remove(piece.getOutput());
                    }
                    case PIECE_NOT_SET -> {}
                }
            }
        } catch (IOException | InvalidPathException failure) {
            throw Failure.of("output: " + CallFailures.sentence(failure), failure);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        targets.values().forEach(OutputTarget::abandon);
        targets.clear();
    }
}
