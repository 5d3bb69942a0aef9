package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Workdir;

/** A first directory that depends on the base image: WorkdirRelativePath. */
final class Workdirs implements Check {

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        if (written.instruction() instanceof Workdir workdir && !stage.hasWorkdir()) {
            stage.text(workdir.path())
                    .filter(path -> !path.startsWith("/"))
                    .ifPresent(path -> findings.add(
                            Rule.WORKDIR_RELATIVE_PATH,
                            written,
                            workdir.path().position(),
                            "Relative workdir \"" + path + "\" can have unexpected results if the base image changes"));
        }
    }
}
