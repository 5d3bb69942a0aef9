package dev.wherry.cli.app;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.view.Console;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/**
 * The commands of one session, with their flags as picocli knows them. Reading the annotations of the hundred flags of
 * {@code run} takes a native executable longer than everything else that the client does, so an executable holds what was
 * read while it was compiled; on a JVM a command is read when it is called.
 */
final class CommandLines {
    /** What an executable holds, for its one session; empty on a JVM. */
    private static final Optional<CommandLines> COMPILED = isCompiling() ? Optional.of(compiled()) : Optional.empty();

    private final Session session;
    private final Map<CommandDescriptor, CommandLine> made = new IdentityHashMap<>();

    CommandLines(Session session) {
        this.session = session;
    }

    /** The commands of a session on the streams of this process. */
    static CommandLines ofProcess() {
        return COMPILED.orElseGet(() -> new CommandLines(new Session(Console::ofProcess)));
    }

    /** Whether GraalVM runs this to fill the heap of the executable. */
    private static boolean isCompiling() {
        return "buildtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"));
    }

    private static CommandLines compiled() {
        CommandLines lines = new CommandLines(new Session(Console::ofProcess));
        Catalog.descriptors(Catalog.COMMANDS)
                .forEach(descriptor -> lines.made.computeIfAbsent(descriptor, lines::read));
        return lines;
    }

    Session session() {
        return session;
    }

    /** The flags of a command, before any were given. */
    CommandLine of(CommandDescriptor descriptor) {
        CommandLine once = made.remove(descriptor);
        return once == null ? read(descriptor) : once;
    }

    private CommandLine read(CommandDescriptor descriptor) {
        return new CommandLine(descriptor.maker().apply(session));
    }
}
