package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.builder.attest.AttestationOptions;
import dev.wherry.daemon.builder.plan.SourceDate;
import java.util.List;
import java.util.Map;

/**
 * What becomes of the result of a build.
 *
 * @param tags references the image gets
 * @param labels labels added to the image
 * @param outputs what is made of it, at least one; clients get those that are for them by their place here
 * @param annotations of the image's manifest
 * @param date what it bears as its time
 * @param verify make nothing of it before a second build has given the same
 * @param attestations what is said of the image beside it
 */
public record OutputOptions(
        List<String> tags,
        Map<String, String> labels,
        List<Output> outputs,
        Map<String, String> annotations,
        SourceDate date,
        boolean verify,
        AttestationOptions attestations) {
    /** An image without a name. */
    public static final OutputOptions DEFAULT = new OutputOptions(
            List.of(),
            Map.of(),
            List.of(new Output.Image(List.of())),
            Map.of(),
            SourceDate.NONE,
            false,
            AttestationOptions.NONE);

    /** The same, bearing another time. */
    public OutputOptions withDate(SourceDate other) {
        return new OutputOptions(tags, labels, outputs, annotations, other, verify, attestations);
    }

    public OutputOptions {
        tags = List.copyOf(tags);
        labels = Map.copyOf(labels);
        outputs = List.copyOf(outputs);
        annotations = Map.copyOf(annotations);
    }
}
