package dev.wherry.cli.command.container.copy;

import dev.wherry.cli.client.files.CopyCalls;
import dev.wherry.cli.client.files.EntryNames;
import dev.wherry.cli.client.files.LocalArchive;
import dev.wherry.cli.client.files.LocalUnpacking;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.copy.CopyPlan.Destination;
import dev.wherry.cli.command.container.copy.CopyPlan.Source;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.PathStat;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

/** Copies files between this machine and a container or volume, by docker's rules of {@code cp}. */
public final class FileCopy {
    private static final int TYPE = 0170000;
    private static final int FOLDER = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    private final Session session;
    private final CopyCalls calls;
    private final String kind;
    private final Options options;

    /**
     * What flags of {@code cp} ask for.
     *
     * @param archive whether owners are copied, or into a container, its user owns the files
     * @param followLink whether a link as the source is followed
     * @param quiet whether nothing is reported; {@code null} for a report to a terminal alone
     */
    public record Options(boolean archive, boolean followLink, Boolean quiet) {}

    /** @param kind what the calls reach, for messages: "container" or "volume" */
    public FileCopy(Session session, CopyCalls calls, String kind, Options options) {
        this.session = session;
        this.calls = calls;
        this.kind = kind;
        this.options = options;
    }

    /** One of the two arguments; the container or volume is empty for a local path. */
    private record Place(String container, String path) {
        static Place parse(String text, String what) {
            if (text.isEmpty()) {
                throw new Failure(what + " can not be empty");
            }
            int colon = text.indexOf(':');
            boolean local = text.startsWith("/") || text.startsWith(".") || colon < 0;
            return local ? new Place("", text) : new Place(text.substring(0, colon), text.substring(colon + 1));
        }
    }

    /** Copies from one place to the other; each is a local path, {@code -}, or {@code NAME:PATH}. */
    public void copy(String source, String destination) throws IOException {
        Place from = Place.parse(source, "source");
        Place to = Place.parse(destination, "destination");
        if (from.container().isEmpty() == to.container().isEmpty()) {
            throw new Failure(
                    from.container().isEmpty()
                            ? "must specify at least one " + kind + " source"
                            : "copying between " + kind + "s is not supported");
        }
        if (from.container().isEmpty()) {
            into(from.path(), to);
        } else {
            outOf(from, to.path());
        }
    }

    private void outOf(Place from, String to) throws IOException {
        CopyPath path = new CopyPath(from.path());
        String rename = "";
        if (options.followLink()) {
            Optional<PathStat> link =
                    calls.stat(from.container(), path.text()).filter(stat -> (stat.getMode() & TYPE) == LINK);
            if (link.isPresent()) {
                CopyPath target = path.linked(link.get().getLinkTarget()).endingAs(path.text());
                rename = target.base().equals(path.base()) ? "" : path.base();
                path = target;
            }
        }
        if (to.equals("-")) {
            PrintStream out = session.console().out();
            calls.from(from.container(), path.text(), (stat, stream) -> {
                stream.transferTo(out);
                out.flush();
            });
            return;
        }
        Destination place = LocalPath.destination(CopyPath.local(to));
        String kept = rename;
        long bytes = calls.from(from.container(), path.text(), (stat, stream) -> {
            Source what = new Source(stat.getName(), (stat.getMode() & TYPE) == FOLDER);
            CopyPlan plan = CopyPlan.of(what, kept, place);
            EntryNames names = new EntryNames(plan.from(), plan.to());
            int leftOut = LocalUnpacking.run(stream, java.nio.file.Path.of(plan.folder()), names, options.archive());
            if (leftOut > 0) {
                session.console()
                        .err()
                        .println("left out: " + leftOut + " devices or pipes; - as the destination keeps them");
            }
        });
        report(bytes, place.path().text());
    }

    private void into(String from, Place to) throws IOException {
        CopyPath path = new CopyPath(to.path());
        Optional<PathStat> there = calls.stat(to.container(), path.text());
        if (there.isPresent() && (there.get().getMode() & TYPE) == LINK) {
            path = path.linked(there.get().getLinkTarget());
            there = calls.stat(to.container(), path.text());
        }
        int type = there.map(stat -> stat.getMode() & TYPE).orElse(0);
        if (type != 0 && type != FOLDER && type != REGULAR) {
            throw new Failure(
                    "destination \"" + to.container() + ":" + to.path() + "\" must be a directory or a regular file");
        }
        Destination place = new Destination(path, type != 0, type == FOLDER);
        if (from.equals("-")) {
            if (!place.isFolder()) {
                throw new Failure("destination \"" + to.container() + ":" + to.path() + "\" must be a directory");
            }
            calls.to(
                    to.container(),
                    path.text(),
                    options.archive(),
                    session.console().in()::transferTo);
            return;
        }
        LocalPath local = LocalPath.source(CopyPath.local(from), options.followLink());
        CopyPlan plan = CopyPlan.of(new Source(local.path().base(), local.isFolder()), local.rename(), place);
        long bytes = calls.to(
                to.container(),
                plan.folder(),
                options.archive(),
                stream -> LocalArchive.write(
                        java.nio.file.Path.of(local.path().text()),
                        plan.from(),
                        new EntryNames(plan.from(), plan.to()),
                        stream));
        report(bytes, to.container() + ":" + plan.folder());
    }

    private void report(long bytes, String where) {
        boolean silent = options.quiet() == null ? !session.console().outIsTerminal() : options.quiet();
        if (!silent) {
            session.console().err().println("Successfully copied " + Units.size(bytes) + " to " + where);
        }
    }
}
