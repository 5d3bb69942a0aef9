package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.CONTEXT;
import static dev.wherry.cli.app.ArgumentKind.FILE;

import dev.wherry.cli.command.context.CreateContextCommand;
import dev.wherry.cli.command.context.ExportContextCommand;
import dev.wherry.cli.command.context.ImportContextCommand;
import dev.wherry.cli.command.context.InspectContextCommand;
import dev.wherry.cli.command.context.ListContextsCommand;
import dev.wherry.cli.command.context.RemoveContextsCommand;
import dev.wherry.cli.command.context.ShowContextCommand;
import dev.wherry.cli.command.context.UpdateContextCommand;
import dev.wherry.cli.command.context.UseContextCommand;

/** Descriptors of the commands that work on contexts: the daemons that a user has given names. */
final class ContextCommands {
    static final CommandDescriptor CREATE = CommandDescriptor.of(
                    CreateContextCommand::new,
                    "Create a context",
                    "[OPTIONS] CONTEXT",
                    "wherry context create build1 --host tcp://build1.example.com:2377 --ca ca.pem --cert cert.pem --key key.pem",
                    "wherry context create build2 --from build1 --host tcp://build2.example.com:2377",
                    "wherry context create lab --docker host=tcp://127.0.0.1:2377,tls=false")
            .details(
                    "A context names a daemon and holds what is needed to reach it. The files for TLS are copied to the"
                            + " configuration of the client, where only their owner can read them.");

    static final CommandDescriptor LIST = CommandDescriptor.of(
                    ListContextsCommand::new,
                    "List contexts",
                    "[OPTIONS]",
                    "wherry context ls",
                    "wherry context ls --format '{{.Name}}: {{.DockerEndpoint}}'")
            .details("The current context is marked with an asterisk. The context \"default\" is what WHERRY_HOST says,"
                    + " or the daemon of this host.");

    static final CommandDescriptor SHOW = CommandDescriptor.of(
            ShowContextCommand::new, "Print the name of the current context", "", "wherry context show");

    static final CommandDescriptor USE = CommandDescriptor.of(
                    UseContextCommand::new,
                    "Set the current wherry context",
                    "CONTEXT",
                    "wherry context use build1",
                    "wherry context use default")
            .details("--host, --context, WHERRY_HOST and WHERRY_CONTEXT override it, in this order.")
            .completes(CONTEXT);

    static final CommandDescriptor INSPECT = CommandDescriptor.of(
                    InspectContextCommand::new,
                    "Display detailed information on one or more contexts",
                    "[OPTIONS] [CONTEXT] [CONTEXT...]",
                    "wherry context inspect",
                    "wherry context inspect -f '{{.Endpoints.docker.Host}}' build1")
            .completes(CONTEXT);

    static final CommandDescriptor EXPORT = CommandDescriptor.of(
                    ExportContextCommand::new,
                    "Export a context to a tar archive FILE or a tar stream on STDOUT",
                    "CONTEXT [FILE|-]",
                    "wherry context export build1",
                    "wherry context export build1 - | ssh laptop wherry context import build1 -")
            .details(
                    "The archive holds the private key of the context. If no file is named, it is CONTEXT.wherrycontext"
                            + " in the current folder.")
            .completes(CONTEXT, FILE);

    static final CommandDescriptor IMPORT = CommandDescriptor.of(
                    ImportContextCommand::new,
                    "Import a context from a tar file",
                    "CONTEXT FILE|-",
                    "wherry context import build1 build1.wherrycontext")
            .completes(CONTEXT, FILE);

    static final CommandDescriptor REMOVE = CommandDescriptor.of(
                    RemoveContextsCommand::new,
                    "Remove one or more contexts",
                    "[OPTIONS] CONTEXT [CONTEXT...]",
                    "wherry context rm build1",
                    "wherry context rm -f build1")
            .completes(CONTEXT);

    static final CommandDescriptor UPDATE = CommandDescriptor.of(
                    UpdateContextCommand::new,
                    "Update a context",
                    "[OPTIONS] CONTEXT",
                    "wherry context update build1 --description 'the big machine'",
                    "wherry context update build1 --ca ca.pem --cert cert.pem --key key.pem")
            .completes(CONTEXT);

    private ContextCommands() {}
}
