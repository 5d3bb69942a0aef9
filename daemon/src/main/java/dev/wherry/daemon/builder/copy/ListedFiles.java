package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.explain.FileList;
import dev.wherry.daemon.content.Digest;
import java.nio.file.Path;

/** The files that a copy reads, listed the first time that somebody wants to see them. */
final class ListedFiles implements FileList.Source {

    private final Path root;
    private final SelectedFiles files;
    private final boolean owners;
    private FileList list;

    /**
     * @param root what the paths of the files are seen from
     * @param owners whether the owners of files count
     */
    ListedFiles(Path root, SelectedFiles files, boolean owners) {
        this.root = root;
        this.files = files;
        this.owners = owners;
    }

    @Override
    public Digest content() {
        return files.digest();
    }

    @Override
    public synchronized FileList list() {
        if (list == null) {
            list = FileList.of(files.digest(), root, files.selection(), files.contents(), owners);
        }
        return list;
    }
}
