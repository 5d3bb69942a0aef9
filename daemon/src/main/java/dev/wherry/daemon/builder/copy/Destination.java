package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.linux.RootedPath;
import dev.wherry.daemon.linux.StorageFailure;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Where an instruction puts things in a mounted file system of an image; no link leads out of it. */
public final class Destination {

    /** The permissions of a directory that is made because it is missing. */
    static final int DIRECTORY_MODE = 0755;

    private Destination() {}

    /** The directory at that path, made with its parents where it was missing. */
    public static Path makeDirectory(Path rootfs, String path, Step step) {
        return makeDirectory(rootfs, path, new Owner(0, 0), step);
    }

    public static Path makeDirectory(Path rootfs, String path, Owner owner, Step step) {
        return makeDirectory(rootfs, path, owner, DIRECTORY_MODE, step);
    }

    /** @param mode permissions of the directories that are made */
    static Path makeDirectory(Path rootfs, String path, Owner owner, int mode, Step step) {
        try {
            return new RootedPath(rootfs).createDirectories(Path.of(path), mode, owner.uid(), owner.gid());
        } catch (NotDirectoryException | FileSystemLoopException failure) {
            throw step.refused(path, path + " is not a directory");
        } catch (IOException failure) {
            throw failed(step, failure);
        }
    }

    /** Where the path leads in that file system, whether there is something or not. */
    static Path resolve(Path rootfs, String path, Step step) {
        try {
            return new RootedPath(rootfs).resolve(Path.of(path));
        } catch (NotDirectoryException | FileSystemLoopException failure) {
            throw step.refused(path, "the path " + path + " goes through a file");
        } catch (IOException failure) {
            throw failed(step, failure);
        }
    }

    /** The error to throw when the operating system refuses something that a step needs. */
    static RuntimeException failed(Step step, IOException failure) {
        return StorageFailure.of(step.file() + ":" + step.line() + ": " + step.source(), failure);
    }
}
