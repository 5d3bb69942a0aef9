package dev.wherry.cli.command.builder;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.PruneCacheRequest;
import dev.wherry.v1.PruneCacheResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry builder prune}. */
@Command(
        customSynopsis = "wherry builder prune [OPTIONS]",
        description = "Remove build cache.",
        footer = {"  wherry builder prune", "  wherry builder prune -af"})
public final class Prune implements Callable<Integer> {
    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description = "Also what images still use")
    private boolean all;

    @Option(
            names = {"-f", "--force"},
            description = "Do not ask")
    private boolean force;

    public Prune(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        if (!force && !confirmed()) {
            return 1;
        }
        PruneCacheResponse response = session.daemon()
                .builds()
                .pruneCache(PruneCacheRequest.newBuilder().setAll(all).build());
        session.console().out().println("Removed records: " + response.getRecords());
        session.console().out().println("Total reclaimed space: " + Units.size(response.getReclaimedBytes()));
        return 0;
    }

    private boolean confirmed() throws IOException {
        String what = all ? "all build cache" : "all build cache that no image uses";
        session.console()
                .err()
                .print("WARNING! This will remove " + what + ". Are you sure you want to continue? [y/N] ");
        session.console().err().flush();
        int answer = session.console().in().read();
        if (answer != 'y' && answer != 'Y') {
            session.console().err().println(answer < 0 ? "" : "Nothing was removed.");
            return false;
        }
        return true;
    }
}
