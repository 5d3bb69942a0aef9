package dev.wherry.cli.command.login;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.Terminal;
import dev.wherry.v1.LoginRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry login}. */
@Command
public final class LoginCommand implements Callable<ExitStatus> {
    private static final int LARGEST_PASSWORD = 64 << 10;

    private final Session session;

    @Option(
            names = {"-u", "--username"},
            paramLabel = "NAME",
            description = "Username")
    private String user;

    @Option(
            names = {"-p", "--password"},
            paramLabel = "PASSWORD",
            description = "Password or Personal Access Token (PAT)")
    private String password;

    @Option(names = "--password-stdin", description = "Take the Password or Personal Access Token (PAT) from stdin")
    private boolean passwordFromInput;

    @Parameters(paramLabel = "SERVER", arity = "0..1")
    private String server = "";

    public LoginCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        Console console = session.console();
        RegistryHost host = RegistryHost.of(server);
        StoredLogins logins = new StoredLogins(console);
        if (user == null && password == null && !passwordFromInput) {
            Optional<StoredLogin> stored = logins.find(host);
            if (stored.isPresent()) {
                console.out()
                        .println("Authenticating with existing credentials... [Username: "
                                + stored.get().user() + "]");
                console.out().println();
                return logIn(logins, host, stored.get());
            }
        }
        checkFlags();
        String secret = password();
        if (secret == null && !console.inIsTerminal()) {
            throw new Failure("cannot perform an interactive login from a non-TTY device");
        }
        String name = user == null || user.isBlank() ? ask("Username: ", false) : user.strip();
        if (name.isEmpty()) {
            throw new Failure("username is required");
        }
        String given = secret == null ? ask("Password: ", true) : secret;
        if (given.isEmpty()) {
            throw new Failure("password is required");
        }
        return logIn(logins, host, new StoredLogin(name, given, ""));
    }

    private void checkFlags() {
        if (password != null && passwordFromInput) {
            throw new Failure("--password and --password-stdin are mutually exclusive");
        }
        if (passwordFromInput && (user == null || user.isBlank())) {
            throw new Failure("the --password-stdin option requires --username to be set");
        }
        if (password != null) {
            session.console().warning("Using --password via the CLI is insecure. Use --password-stdin.");
        }
    }

    private ExitStatus logIn(StoredLogins logins, RegistryHost host, StoredLogin login) {
        Console console = session.console();
        String token = session.daemon()
                .registries()
                .login(LoginRequest.newBuilder().setLogin(login.message(host)).build())
                .getIdentityToken();
        StoredLogin kept = token.isEmpty() ? login : new StoredLogin(login.user(), "", token);
        logins.store(host, kept).ifPresent(file -> warn(console, file));
        console.out().println("Login Succeeded");
        return ExitStatus.SUCCESS;
    }

    private static void warn(Console console, Path file) {
        console.err()
                .println("\nWARNING! Your credentials are stored unencrypted in '" + file + "'.\n"
                        + "Configure a credential helper to remove this warning. See\n"
                        + "https://docs.docker.com/go/credential-store/\n");
    }

    /** The password of a flag or of standard input; null when it has to be asked for. */
    private String password() {
        if (!passwordFromInput) {
            return password;
        }
        try {
            byte[] bytes = session.console().in().readNBytes(LARGEST_PASSWORD);
            return new String(bytes, StandardCharsets.UTF_8).replaceAll("\r?\n$", "");
        } catch (IOException failure) {
            throw Failure.of("cannot read the password from standard input", failure);
        }
    }

    private String ask(String prompt, boolean hidden) {
        Console console = session.console();
        console.out().print(prompt);
        console.out().flush();
        try (Terminal silent = hidden ? Terminal.silent() : null) {
            return line(console);
        } catch (IOException failure) {
            throw Failure.of("cannot read from the terminal", failure);
        } finally {
            if (hidden) {
                console.out().println();
            }
        }
    }

    private static String line(Console console) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = console.in().read(); b >= 0 && b != '\n'; b = console.in().read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
