package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Input.Kind;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.builder.source.Downloads;
import dev.wherry.daemon.builder.source.GitRepositories;
import dev.wherry.daemon.builder.source.GitUrl;
import dev.wherry.daemon.builder.source.StagingFolders;
import dev.wherry.daemon.builder.source.TransferListener;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.metadata.Leases.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One source of an ADD that fetches. */
sealed interface FetchedSource {

    /** What the source is now, by digest or commit. */
    Input input();

    /** Files of the build context, which stand beside those that are fetched. */
    record Local(String name, Selection selection, Digest content) implements FetchedSource {

        @Override
        public Input input() {
            return Input.of(Kind.CONTENT, name, content.toString());
        }
    }

    /** A file of a web server. */
    record File(String name, Downloads.Download download) implements FetchedSource {

        private static final int MODE = 0600;

        @Override
        public Input input() {
            return Input.of(Kind.CONTENT, name, download.digest().toString());
        }

        /** The file as it is to be copied: with the permissions and the time that ADD gives it. */
        Selection.Source bring(Downloads downloads, Lease lease, StagingFolders.Folder folder, TransferListener arrival)
                throws IOException {
            Downloads.Download here = downloads.bring(download, lease, arrival);
            Path file = Files.createTempDirectory(folder.path(), "file").resolve(name);
            try (InputStream in = downloads.open(here)) {
                Files.copy(in, file);
            }
            Inodes.chmod(file, MODE);
            Inodes.utimensat(
                    file, here.modified().getEpochSecond(), here.modified().getNano());
            return new Selection.Source(new SourceFile(file, Path.of(name), Inodes.status(file)), List.of());
        }
    }

    /** A commit of a git repository. */
    record Repository(GitRepositories.Commit commit, boolean keepGitDir) implements FetchedSource {

        @Override
        public Input input() {
            String directory = commit.url()
                    .subdirectory()
                    .map(path -> ":" + Input.word(path))
                    .orElse("");
            // The .git folder names the remote.
            String git = keepGitDir ? " with the .git of " + commit.url().remote() : "";
            String modules = commit.url().submodules() ? "" : " without submodules";
            return Input.of(Kind.COMMIT, "git", commit.commit() + directory + git + modules);
        }

        /** The directory whose contents are copied. */
        Path bring(GitRepositories repositories, StagingFolders.Folder folder, TransferListener arrival)
                throws IOException {
            return repositories.checkout(commit, Files.createTempDirectory(folder.path(), "git"), keepGitDir, arrival);
        }
    }

    /** The name of a source in the inputs of the step: the same content is the same, wherever it comes from. */
    static String name(String source) {
        if (GitUrl.isOne(source)) {
            return "git";
        }
        if (!FetchRules.isFetched(source)) {
            return source;
        }
        try {
            return fileName(source);
        } catch (InvalidInputException refused) {
            return source;
        }
    }

    /** What a file is called that an address leads to: the last part of its path. */
    static String fileName(String url) {
        try {
            String path = URI.create(url).getPath();
            String name = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return "__unnamed__";
            }
            if (name.indexOf('\0') >= 0 || name.getBytes(StandardCharsets.UTF_8).length > 255) {
                throw new InvalidInputException("\"" + url + "\" ends with what cannot be the name of a file");
            }
            return name;
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException("\"" + url + "\" is no web address");
        }
    }
}
