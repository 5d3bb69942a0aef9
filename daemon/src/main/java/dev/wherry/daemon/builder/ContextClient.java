package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.builder.source.TransferListener;
import java.io.InputStream;

/** The client's side of a build context whose files the daemon cannot read itself. */
public interface ContextClient extends SyncedContexts.Client {

    /** The tar archive that is the context, sent as it is read. */
    InputStream archive(TransferListener arrival);
}
