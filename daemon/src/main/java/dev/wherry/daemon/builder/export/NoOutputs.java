package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.snapshot.tar.EntrySink;
import java.io.OutputStream;
import java.util.Optional;

/** For builds whose result stays in the store. */
public enum NoOutputs implements OutputReceiver {
    INSTANCE;

    @Override
    public OutputStream stream(int output) {
        throw new IllegalStateException("this build sends nothing");
    }

    @Override
    public EntrySink files(int output) {
        throw new IllegalStateException("this build sends nothing");
    }

    @Override
    public Optional<EntrySink> manifest(int output) {
        return Optional.empty();
    }
}
