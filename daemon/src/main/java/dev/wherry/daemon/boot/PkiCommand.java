package dev.wherry.daemon.boot;

import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.host.Machine;
import dev.wherry.daemon.pki.Authority;
import dev.wherry.daemon.pki.Issued;
import dev.wherry.daemon.pki.Subject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code wherryd pki}: the small authority that gives the daemon and its remote clients their certificates ({@link
 * Authority}). It needs no daemon; one that runs reads the new files by itself.
 */
@Command(
        name = "pki",
        sortOptions = false,
        header = "Issue and revoke certificates for the daemon and its remote clients.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PkiCommand.Init.class, PkiCommand.Issue.class, PkiCommand.Revoke.class, PkiCommand.Show.class},
        footer = {
            "",
            "Examples:",
            "  wherryd pki init --name build1.example.org",
            "  wherryd pki issue alice --role operator --out ./alice",
            "  wherryd pki revoke alice"
        })
final class PkiCommand implements Runnable {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Main main;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    private boolean help;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Folder of the authority (default: pki in the root).")
    private Path folder;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "pki needs a command: init, issue, revoke or list");
    }

    private Authority authority() {
        return new Authority(folder != null ? folder.toAbsolutePath() : Startup.pki(main.configuration()));
    }

    private PrintStream out() {
        return System.out;
    }

    /** {@code wherryd pki init} */
    @Command(
            name = "init",
            sortOptions = false,
            header =
                    "Make the authority and the daemon's certificate; renew the certificate if the authority is there.")
    static final class Init implements Callable<Integer> {

        @ParentCommand
        private PkiCommand pki;

        @Option(
                names = "--name",
                paramLabel = "HOST",
                description =
                        "Name or address by which clients reach the daemon; repeatable (default: this host's name)."
                                + " localhost, 127.0.0.1 and ::1 are always among them.")
        private List<String> names = new ArrayList<>();

        @Override
        public Integer call() {
            Set<String> all = new LinkedHashSet<>(names);
            if (all.isEmpty()) {
                all.add(Machine.read().hostname());
            }
            all.addAll(List.of("localhost", "127.0.0.1", "::1"));
            Authority authority = pki.authority();
            boolean renewed = authority.exists();
            Issued server = authority.begin(List.copyOf(all));
            pki.out()
                    .println((renewed
                                    ? "renewed the daemon's certificate"
                                    : "made an authority and the daemon's certificate")
                            + " for " + String.join(", ", all) + ", valid until " + DAY.format(server.end()));
            return 0;
        }
    }

    /** {@code wherryd pki issue} */
    @Command(name = "issue", sortOptions = false, header = "Issue a certificate for a client.")
    static final class Issue implements Callable<Integer> {

        @ParentCommand
        private PkiCommand pki;

        @Parameters(paramLabel = "NAME", description = "Who the client is.")
        private String name;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                required = true,
                description = "What the client may do: admin, operator, builder or reader.")
        private String role;

        @Option(
                names = "--namespace",
                paramLabel = "NAME",
                description = "Whose images, containers and so on the client sees (default: those of no namespace).")
        private String namespace;

        @Option(
                names = "--days",
                paramLabel = "N",
                description = "How long the certificate is valid (default: ${DEFAULT-VALUE}).")
        private int days = 365;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                required = true,
                description = "Folder for ca.pem, cert.pem and key.pem, which the client needs.")
        private Path out;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (days < 1) {
                throw new ParameterException(spec.commandLine(), "--days must be at least 1");
            }
            Subject subject =
                    new Subject(name, role, Optional.ofNullable(namespace).map(NamespaceName::new));
            Issued issued = pki.authority().issue(subject, Duration.ofDays(days), out.toAbsolutePath());
            pki.out()
                    .println("issued a certificate for " + name + " as " + issued.role() + ", valid until "
                            + DAY.format(issued.end()) + ": " + out);
            return 0;
        }
    }

    /** {@code wherryd pki revoke} */
    @Command(name = "revoke", sortOptions = false, header = "Revoke certificates; the daemon refuses them from now on.")
    static final class Revoke implements Callable<Integer> {

        @ParentCommand
        private PkiCommand pki;

        @Parameters(paramLabel = "NAME|SERIAL", description = "Name, for all of its certificates, or a serial number.")
        private String which;

        @Override
        public Integer call() {
            for (Issued revoked : pki.authority().revoke(which)) {
                pki.out().println("revoked " + revoked.serialText() + " of " + revoked.name());
            }
            return 0;
        }
    }

    /** {@code wherryd pki list} */
    @Command(name = "list", aliases = "ls", sortOptions = false, header = "List the certificates issued.")
    static final class Show implements Callable<Integer> {

        @ParentCommand
        private PkiCommand pki;

        @Override
        public Integer call() {
            List<Issued> all = pki.authority().list();
            int width = all.stream().mapToInt(one -> one.name().length()).max().orElse(0);
            int roles = all.stream().mapToInt(one -> one.role().length()).max().orElse(0);
            String row = "%-" + Math.max(width, 4) + "s  %-" + Math.max(roles, 8) + "s  %-10s  %-18s  %s%n";
            pki.out().printf(row, "NAME", "ROLE", "EXPIRES", "STATUS", "SERIAL");
            for (Issued one : all) {
                pki.out()
                        .printf(
                                row,
                                one.name(),
                                one.role().isEmpty() ? "-" : one.role(),
                                DAY.format(one.end()),
                                status(one),
                                one.serialText());
            }
            return 0;
        }

        private static String status(Issued one) {
            return one.revoked()
                    .map(day -> "revoked " + DAY.format(day))
                    .orElse(one.end().isBefore(Instant.now()) ? "expired" : "valid");
        }
    }
}
