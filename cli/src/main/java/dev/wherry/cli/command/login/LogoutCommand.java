package dev.wherry.cli.command.login;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry logout}. */
@Command
public final class LogoutCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "SERVER", arity = "0..1")
    private String server = "";

    public LogoutCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        RegistryHost host = RegistryHost.of(server);
        StoredLogins logins = new StoredLogins(session.console());
        if (logins.erase(host)) {
            session.console().out().println("Removing login credentials for " + host.shown());
        } else {
            session.console().out().println("Not logged in to " + host.shown());
        }
        return ExitStatus.SUCCESS;
    }
}
