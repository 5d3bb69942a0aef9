package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The file of {@code --cidfile}: created before the container, and removed again if the container is not created. */
public final class IdFile {
    private IdFile() {}

    /**
     * Creates a container and writes its ID to a file.
     *
     * @param file empty for none
     * @throws Failure if the file exists or cannot be written
     */
    public static String with(String file, Supplier<String> creation) {
        if (file.isEmpty()) {
            return creation.get();
        }
        Path path = Path.of(file);
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            throw failure("container ID file found, make sure the other container isn't running or delete " + file, e);
        } catch (IOException e) {
            throw failure("failed to create the container ID file: " + CallFailures.sentence(e), e);
        }
        String id = null;
        try {
            id = creation.get();
            Files.writeString(path, id);
            return id;
        } catch (IOException e) {
            throw failure("failed to write the container ID to the file (" + file + ")", e);
        } finally {
            if (id == null) {
                path.toFile().delete();
            }
        }
    }

    private static Failure failure(String sentence, IOException cause) {
        return new Failure(sentence, ExitStatus.NOT_STARTED, cause);
    }
}
