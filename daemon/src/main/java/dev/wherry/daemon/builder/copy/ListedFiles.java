package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.context.ContentDigests;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.explain.FileList;
import dev.wherry.daemon.content.Digest;
import java.nio.file.Path;

/** The files that a copy reads, listed the first time that somebody wants to see them. */
final class ListedFiles implements FileList.Source {

    private final Path root;
    private final Selection selection;
    private final ContentDigests.Content content;
    private final boolean owners;
    private FileList list;

    /**
     * @param root what the paths of the files are seen from
     * @param owners whether the owners of files count
     */
    ListedFiles(Path root, Selection selection, ContentDigests.Content content, boolean owners) {
        this.root = root;
        this.selection = selection;
        this.content = content;
        this.owners = owners;
    }

    @Override
    public Digest content() {
        return content.digest();
    }

    @Override
    public synchronized FileList list() {
        if (list == null) {
            list = FileList.of(content.digest(), root, selection, content.files(), owners);
        }
        return list;
    }
}
