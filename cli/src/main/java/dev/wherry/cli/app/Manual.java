package dev.wherry.cli.app;

import dev.wherry.cli.app.Catalog.Entry;
import dev.wherry.cli.app.Catalog.Group;
import dev.wherry.cli.app.Catalog.Leaf;
import dev.wherry.cli.error.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes the manual pages of both programs during the build; nothing else calls this. Each page is written twice: plain,
 * and compressed for packages.
 */
final class Manual {
    private static final String DAEMON = "dev.wherry.daemon.boot.Main";

    /** Where the header says how it was compressed (RFC 1952 §2.3.1). */
    private static final int EXTRA_FLAGS = 8;

    private static final byte MOST_COMPRESSED = 2;

    private final String date;
    private final String release;
    private final CommandLines lines = CommandLines.ofProcess();

    Manual(String date, String release) {
        this.date = date;
        this.release = release;
    }

    /** {@code FOLDER VERSION TIMESTAMP}; the classes of the daemon are on the class path. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String date = arguments[2].substring(0, "2026-01-31".length());
        Manual manual = new Manual(date, "Wherry " + arguments[1]);
        List<ManPage> pages = manual.commands();
        pages.add(manual.daemon(Class.forName(DAEMON)));
        for (ManPage page : pages) {
            write(folder.resolve(page.file()), page.text());
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.write(Path.of(file + ".gz"), compressed(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** As {@code gzip -9n} does, which the checks of packages ask for. */
    private static byte[] compressed(byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gz = new GZIPOutputStream(bytes) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gz.write(text);
        }
        byte[] file = bytes.toByteArray();
        file[EXTRA_FLAGS] = MOST_COMPRESSED;
        return file;
    }

    /** A page for {@code wherry}, one for each group, and one for each command. */
    List<ManPage> commands() {
        List<ManPage> pages = new ArrayList<>();
        pages.add(root());
        Catalog.COMMANDS.forEach(entry -> add(entry, entry.name(), pages));
        return pages;
    }

    private void add(Entry entry, String path, List<ManPage> pages) {
        pages.add(
                switch (entry) {
                    case Leaf leaf -> command(leaf.command(), path);
                    case Group group -> group(group, path);
                });
        entry.children().forEach(child -> add(child, path + " " + child.name(), pages));
    }

    private ManPage root() {
        ManPage page = page("wherry", 1, lowered(HelpText.PROGRAM))
                .synopsis("wherry", List.of("[OPTIONS] COMMAND"))
                .heading("Description")
                .paragraph(
                        "An image is a read-only template of a file system and of the program to run in it; images are"
                                + " pulled from a registry, imported, or built from a Dockerfile. A container is a running instance"
                                + " of an image. The daemon wherryd(8) does the work; wherry connects to it over a unix socket, which"
                                + " root and the members of the group wherry may use.")
                .heading("Options");
        GlobalFlag.ALL.forEach(page::flag);
        page.heading("Commands");
        Catalog.COMMANDS.forEach(entry -> page.item(entry.name(), entry.summary()));
        page.heading("Environment")
                .item(
                        "WHERRY_HOST",
                        "Daemon to connect to if --host and --context are not given; default: unix:///run/wherry/wherryd.sock")
                .item("WHERRY_CONTEXT", "Context to use if neither is given and WHERRY_HOST is not set")
                .item("WHERRY_CONFIG", "Folder of the client's configuration; default: ~/.wherry")
                .item(
                        "WHERRY_CERT_PATH",
                        "Folder of ca.pem, cert.pem and key.pem; default: the one of the configuration")
                .item("WHERRY_TLS_VERIFY", "If not empty, TCP is used with TLS even if --tls=false is given")
                .item("NO_COLOR", "If not empty, output has no colors")
                .heading("Exit status");
        item(page, ExitStatus.SUCCESS, "The command succeeded.");
        item(page, ExitStatus.FAILURE, "The command failed; a line on standard error says why.");
        item(page, ExitStatus.NOT_STARTED, "A flag is wrong, or a container could not be created or started.");
        item(page, ExitStatus.NOT_EXECUTABLE, "The command of a container cannot be executed.");
        item(page, ExitStatus.NOT_FOUND, "The command of a container was not found.");
        item(page, ExitStatus.INTERRUPTED, "The user interrupted the command.");
        return page.paragraph(
                        "In the foreground, run, start --attach and exec exit with the status of the program in the"
                                + " container; a program that signal N killed has the status 128+N.")
                .seeAlso(see(Catalog.COMMANDS, "wherry-", "wherryd(8)"));
    }

    private static void item(ManPage page, ExitStatus status, String meaning) {
        page.item(Integer.toString(status.code()), meaning);
    }

    /** Summaries of pages begin with a small letter. */
    private static String lowered(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private ManPage group(Group group, String path) {
        String name = "wherry-" + path.replace(' ', '-');
        ManPage page = page(name, 1, group.summary())
                .synopsis("wherry " + path, List.of("COMMAND"))
                .heading("Commands");
        group.children().forEach(child -> page.item(String.join(", ", child.names()), child.summary()));
        return page.seeAlso(see(group.children(), name + "-", "wherry(1)"));
    }

    private ManPage command(CommandDescriptor command, String path) {
        ManPage page = page("wherry-" + path.replace(' ', '-'), 1, command.summary())
                .synopsis("wherry " + path, command.usage())
                .heading("Description")
                .paragraph(command.summary() + ".");
        if (!command.details().isEmpty()) {
            page.paragraph(command.details());
        }
        List<String> aliases = Catalog.aliases(command);
        if (aliases.size() > 1) {
            page.paragraph("Aliases: wherry " + String.join(", wherry ", aliases) + ".");
        }
        return page.options(LeafCommand.of(lines, command, path).spec())
                .examples(command.examples())
                .seeAlso(List.of("wherry(1)"));
    }

    /** The page of the daemon, whose main class this module cannot name. */
    private ManPage daemon(Class<?> main) throws ReflectiveOperationException {
        CommandSpec spec = new CommandLine(main.getDeclaredConstructor().newInstance()).getCommandSpec();
        CommandLine.Model.UsageMessageSpec usage = spec.usageMessage();
        return page("wherryd", 8, "the daemon of Wherry")
                .synopsis("wherryd", List.of("[OPTIONS]"))
                .heading("Description")
                .paragraph(String.join(" ", usage.header()))
                .paragraph(String.join(" ", usage.description()))
                .options(spec)
                .footer(List.of(usage.footer()), "Examples")
                .heading("Files")
                .item("/etc/wherry/wherryd.yaml", "Settings")
                .item("/var/lib/wherry", "Images, containers, volumes and the database")
                .item("/run/wherry/wherryd.sock", "The socket that wherry(1) uses")
                .seeAlso(List.of("wherry(1)", "runc(8)", "conmon(8)", "systemctl(1)"));
    }

    private ManPage page(String name, int section, String summary) {
        return new ManPage(name, section, summary, date, release);
    }

    private static List<String> see(List<Entry> entries, String prefix, String other) {
        List<String> pages = new ArrayList<>(List.of(other));
        entries.forEach(entry -> pages.add(prefix + entry.name() + "(1)"));
        return pages;
    }
}
