package dev.wherry.daemon.build.dockerfile.check;

import dev.wherry.daemon.build.dockerfile.Env;
import dev.wherry.daemon.build.dockerfile.Label;
import dev.wherry.daemon.build.dockerfile.Maintainer;
import dev.wherry.daemon.build.dockerfile.Position;
import dev.wherry.daemon.build.dockerfile.Written;

/** What is only read for the sake of old files: NoEmptyContinuation, MaintainerDeprecated, LegacyKeyValueFormat. */
final class OldForms implements Check {

    @Override
    public void see(Written written, StageFacts stage, Findings findings) {
        if (written.emptyLine().isPresent()) {
            int line = written.emptyLine().getAsInt();
            findings.add(
                    Rule.NO_EMPTY_CONTINUATION,
                    written,
                    new Position(written.position().file(), line, 1, line),
                    "Empty continuation line");
        }
        if (written.instruction() instanceof Maintainer) {
            findings.add(
                    Rule.MAINTAINER_DEPRECATED,
                    written,
                    "Maintainer instruction is deprecated in favor of using label");
        }
        boolean hasPairs = written.instruction() instanceof Env || written.instruction() instanceof Label;
        if (hasPairs && written.fields().getFirst().raw().indexOf('=') < 0) {
            String keyword = written.keyword();
            findings.add(
                    Rule.LEGACY_KEY_VALUE_FORMAT,
                    written,
                    "\"" + keyword + " key=value\" should be used instead of legacy \"" + keyword
                            + " key value\" format");
        }
    }
}
