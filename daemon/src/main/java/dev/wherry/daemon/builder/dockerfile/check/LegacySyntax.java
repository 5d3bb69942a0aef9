package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Env;
import dev.wherry.daemon.builder.dockerfile.instruction.Label;
import dev.wherry.daemon.builder.dockerfile.instruction.Maintainer;

/** What is only read for the sake of old files: NoEmptyContinuation, MaintainerDeprecated, LegacyKeyValueFormat. */
final class LegacySyntax implements Check {

    static final String EMPTY_CONTINUATION = "Empty continuation line";

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        written.emptyContinuation()
                .ifPresent(place -> findings.add(Rule.NO_EMPTY_CONTINUATION, written, place, EMPTY_CONTINUATION));
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
