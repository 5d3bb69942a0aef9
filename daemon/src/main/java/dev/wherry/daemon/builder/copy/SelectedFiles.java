package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.context.ContentDigests;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.content.Digest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The files that a copy takes. Where the digest of all of them is known, they are looked for only when somebody wants more
 * than that: most copies of a rebuild are found in the cache.
 */
final class SelectedFiles {

    private final Optional<Digest> known;
    private final Supplier<Selection> find;
    private final Function<Selection, ContentDigests.Content> read;
    private Selection selection;
    private ContentDigests.Content content;

    /**
     * @param known what they contain, if that is certain
     * @param find looks for them
     * @param read what they contain
     */
    SelectedFiles(Optional<Digest> known, Supplier<Selection> find, Function<Selection, ContentDigests.Content> read) {
        this.known = known;
        this.find = find;
        this.read = read;
    }

    Digest digest() {
        return known.orElseGet(() -> content().digest());
    }

    synchronized Selection selection() {
        if (selection == null) {
            selection = find.get();
        }
        return selection;
    }

    /** The digests of the regular files, in order. */
    List<byte[]> contents() {
        return content().files();
    }

    synchronized ContentDigests.Content content() {
        if (content == null) {
            content = read.apply(selection());
        }
        return content;
    }
}
