package dev.wherry.daemon.builder.context;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The named contexts that one build copies from, each with the ignore file that is in it. */
public final class ContextTrees {

    private static final List<String> IGNORE_FILES = List.of(".dockerignore");

    private final DigestFiles kept;
    private final Map<BuildContext, Known> known = new ConcurrentHashMap<>();

    private record Known(FileTree tree, ContentDigests digests) {}

    public ContextTrees(DigestFiles kept) {
        this.kept = kept;
    }

    public FileTree tree(BuildContext context) {
        return of(context).tree();
    }

    public ContentDigests digests(BuildContext context) {
        return of(context).digests();
    }

    private Known of(BuildContext context) {
        return known.computeIfAbsent(
                context,
                unread -> new Known(
                        new FileTree(unread.root(), unread.ignored(IGNORE_FILES), unread.description()),
                        unread.digests(kept)));
    }

    /** Keeps what was learnt of their contents. */
    public void save() {
        known.keySet().forEach(context -> context.save(kept));
    }
}
