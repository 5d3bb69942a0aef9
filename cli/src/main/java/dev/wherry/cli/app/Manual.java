package dev.wherry.cli.app;

import dev.wherry.cli.app.Catalog.Entry;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.view.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes the manual while the build runs, from what the programs say of themselves; nothing else calls this. Each page is
 * there twice: as it is, and compressed as packages want it.
 */
final class Manual {
    private static final String DAEMON = "dev.wherry.daemon.Main";

    /** Where the header says how it was compressed (RFC 1952 §2.3.1). */
    private static final int EXTRA_FLAGS = 8;

    private static final byte MOST_COMPRESSED = 2;

    private final String date;
    private final String release;
    private final Session session;

    Manual(String date, String release) {
        this.date = date;
        this.release = release;
        this.session = new Session(Console.ofProcess());
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
        for (Entry entry : Catalog.COMMANDS) {
            add(entry, entry.name(), pages);
        }
        return pages;
    }

    private void add(Entry entry, String path, List<ManPage> pages) {
        pages.add(entry.isGroup() ? group(entry, path) : command(entry, path));
        entry.children().forEach(child -> add(child, path + " " + child.name(), pages));
    }

    private ManPage root() {
        ManPage page = page("wherry", 1, "build images from Dockerfiles, and run them as containers")
                .synopsis("wherry", "[OPTIONS] COMMAND")
                .heading("Description")
                .paragraph(
                        "An image is a read-only blueprint; it is pulled, imported or built. A container is a running"
                                + " instance of one. The work is done by wherryd(8), which this program talks to over a unix"
                                + " socket: root and the group wherry may use it.")
                .heading("Options");
        GlobalFlag.ALL.forEach(page::flag);
        page.heading("Commands");
        Catalog.COMMANDS.forEach(entry -> page.item(entry.name(), entry.summary()));
        return page.heading("Environment")
                .item(
                        "WHERRY_HOST",
                        "Daemon to talk to, when --host does not say; unix:///run/wherry/wherryd.sock else")
                .item("NO_COLOR", "Anything but nothing: no colours")
                .heading("Exit status")
                .item("0", "What was asked for is done.")
                .item("1", "It is not; a line on standard error says why.")
                .item("125", "A flag is wrong, or a container could not be created or started.")
                .item("126, 127", "The command of a container cannot be run, or is not there.")
                .paragraph("In the foreground the exit status of run is that of the container.")
                .seeAlso(see(Catalog.COMMANDS, "wherry-", "wherryd(8)"));
    }

    private ManPage group(Entry group, String path) {
        String name = "wherry-" + path.replace(' ', '-');
        ManPage page = page(name, 1, group.summary())
                .synopsis("wherry " + path, "COMMAND")
                .heading("Commands");
        group.children().forEach(child -> page.item(String.join(", ", child.names()), child.summary()));
        return page.seeAlso(see(group.children(), name + "-", "wherry(1)"));
    }

    private ManPage command(Entry entry, String path) {
        CommandSpec spec = LeafCommand.of(session, entry, path).spec();
        CommandLine.Model.UsageMessageSpec usage = spec.usageMessage();
        // A command of a group may be one of the top by another name, whose synopsis it shares.
        String rest = usage.customSynopsis()[0].replaceFirst("^wherry( [a-z]+)+(?![a-z|])", "");
        ManPage page = page("wherry-" + path.replace(' ', '-'), 1, entry.summary())
                .synopsis("wherry " + path, rest)
                .heading("Description")
                .paragraph(String.join(" ", usage.description()));
        if (entry.names().size() > 1) {
            List<String> others = entry.names().subList(1, entry.names().size());
            page.paragraph("Also called " + String.join(", ", others) + ".");
        }
        return page.options(spec).footer(List.of(usage.footer()), "Examples").seeAlso(List.of("wherry(1)"));
    }

    /** The page of the daemon, whose main class this module cannot name. */
    private ManPage daemon(Class<?> main) throws ReflectiveOperationException {
        CommandSpec spec = new CommandLine(main.getDeclaredConstructor().newInstance()).getCommandSpec();
        CommandLine.Model.UsageMessageSpec usage = spec.usageMessage();
        return page("wherryd", 8, "the daemon of Wherry")
                .synopsis("wherryd", "[OPTIONS]")
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
