package dev.wherry.cli.command.container.copy;

import dev.wherry.cli.client.files.CopyCalls;
import dev.wherry.cli.client.files.EntryNames;
import dev.wherry.cli.client.files.LocalArchive;
import dev.wherry.cli.client.files.LocalUnpacking;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.copy.CopyPlan.Destination;
import dev.wherry.cli.command.container.copy.CopyPlan.Source;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.CopyToTarget;
import dev.wherry.v1.PathStat;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry cp}. */
@Command
public final class CopyCommand implements Callable<ExitStatus> {
    private static final int TYPE = 0170000;
    private static final int FOLDER = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    private final Session session;

    @Option(
            names = {"-a", "--archive"},
            description = "Copy UID and GID information; into a container, files belong to its user")
    private boolean archive;

    @Option(
            names = {"-L", "--follow-link"},
            description = "Always follow symbolic links in SRC_PATH")
    private boolean followLink;

    @Option(
            names = {"-q", "--quiet"},
            arity = "0..1",
            fallbackValue = "true",
            description = "Suppress the report of how much was copied, as when standard output is no terminal")
    private Boolean quiet;

    @Parameters(paramLabel = "SRC_PATH", index = "0")
    private String source;

    @Parameters(paramLabel = "DEST_PATH", index = "1")
    private String destination;

    public CopyCommand(Session session) {
        this.session = session;
    }

    /** One of the two arguments; the container is empty for a local path. */
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

    @Override
    public ExitStatus call() throws IOException {
        Place from = Place.parse(source, "source");
        Place to = Place.parse(destination, "destination");
        if (from.container().isEmpty() == to.container().isEmpty()) {
            throw new Failure(
                    from.container().isEmpty()
                            ? "must specify at least one container source"
                            : "copying between containers is not supported");
        }
        if (from.container().isEmpty()) {
            into(from.path(), to);
        } else {
            outOf(from, to.path());
        }
        return ExitStatus.SUCCESS;
    }

    private void outOf(Place from, String to) throws IOException {
        CopyCalls calls = new CopyCalls(session.daemon());
        CopyPath path = new CopyPath(from.path());
        String rename = "";
        if (followLink) {
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
            int leftOut = LocalUnpacking.run(stream, java.nio.file.Path.of(plan.folder()), names, archive);
            if (leftOut > 0) {
                session.console()
                        .err()
                        .println("left out: " + leftOut + " devices or pipes; - as the destination keeps them");
            }
        });
        report(bytes, place.path().text());
    }

    private void into(String from, Place to) throws IOException {
        CopyCalls calls = new CopyCalls(session.daemon());
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
        CopyToTarget.Builder target =
                CopyToTarget.newBuilder().setContainer(to.container()).setToUser(archive);
        if (from.equals("-")) {
            if (!place.isFolder()) {
                throw new Failure("destination \"" + to.container() + ":" + to.path() + "\" must be a directory");
            }
            calls.to(target.setPath(path.text()).build(), session.console().in()::transferTo);
            return;
        }
        LocalPath local = LocalPath.source(CopyPath.local(from), followLink);
        CopyPlan plan = CopyPlan.of(new Source(local.path().base(), local.isFolder()), local.rename(), place);
        long bytes = calls.to(
                target.setPath(plan.folder()).build(),
                stream -> LocalArchive.write(
                        java.nio.file.Path.of(local.path().text()),
                        plan.from(),
                        new EntryNames(plan.from(), plan.to()),
                        stream));
        report(bytes, to.container() + ":" + plan.folder());
    }

    private void report(long bytes, String where) {
        boolean silent = quiet == null ? !session.console().outIsTerminal() : quiet;
        if (!silent) {
            session.console().err().println("Successfully copied " + Units.size(bytes) + " to " + where);
        }
    }
}
