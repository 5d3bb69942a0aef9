package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Input.Kind;
import dev.wherry.daemon.builder.solver.Operation;
import java.util.List;

/**
 * {@code WORKDIR}: makes sure that a directory is there.
 *
 * @param user owner of the directory if it is made; empty for root
 */
public record WorkdirOperation(FileCopies copies, String path, String user) implements Operation {

    @Override
    public List<Input> definition() {
        return List.of(
                Input.of(Kind.INSTRUCTION, "WORKDIR"),
                Input.of(Kind.WORKDIR, path),
                Input.of(Kind.USER, user.isEmpty() ? "root" : Input.word(user, "root")));
    }

    @Override
    public Prepared prepare(Preparation step) {
        return (key, run) -> copies.makeDirectory(path, user, step, run);
    }
}
