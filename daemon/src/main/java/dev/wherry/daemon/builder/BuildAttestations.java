package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.attest.AttestationOptions;
import dev.wherry.daemon.builder.attest.BillOfMaterials;
import dev.wherry.daemon.builder.attest.BuildFacts;
import dev.wherry.daemon.builder.attest.Provenance;
import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.plan.Plan;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.AttestationDraft;
import dev.wherry.daemon.image.AttestationDraft.Predicate;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Says of the images of one build what its client asked for. */
final class BuildAttestations {

    private static final String CONTEXT = "context";

    private final BuildOptions options;
    private final BuildContext context;
    private final DockerfileText text;
    private final String ref;
    private final Workspace workspace;
    private final Instant started;
    private final AttestationOptions wanted;
    private final Optional<Path> scanner;

    /**
     * Prepares the attestations, before a step is run.
     *
     * @param ref names the build
     * @throws UnsupportedException when the host lacks what they need
     */
    BuildAttestations(
            BuildOptions options,
            BuildContext context,
            DockerfileText text,
            String ref,
            Workspace workspace,
            Instant started) {
        this.options = options;
        this.context = context;
        this.text = text;
        this.ref = ref;
        this.workspace = workspace;
        this.started = started;
        this.wanted = options.output().attestations();
        this.scanner = wanted.sbom() ? Optional.of(BillOfMaterials.scanner()) : Optional.empty();
    }

    /** What is said of the image of a plan; empty when nothing was asked for. */
    Optional<AttestationDraft> of(Plan plan, Optional<SnapshotId> top) {
        List<Predicate> predicates = new ArrayList<>();
        scanner.ifPresent(program -> predicates.add(bill(program, top)));
        wanted.provenance()
                .ifPresent(provenance -> predicates.add(new Provenance(provenance, facts(), plan).predicate()));
        return predicates.isEmpty() ? Optional.empty() : Optional.of(new AttestationDraft(predicates));
    }

    private Predicate bill(Path program, Optional<SnapshotId> top) {
        try (Workspace.Mounted view = workspace.view(top)) {
            return BillOfMaterials.of(program, view.root());
        }
    }

    /** A result with a date of its own depends on the inputs alone: so does what is said of it. */
    private BuildFacts facts() {
        Optional<Instant> date = options.output().date().epoch();
        boolean fetched = context.origin() == BuildContext.Origin.FETCHED;
        Optional<String> address = options.explain().contextName().filter(_ -> fetched);
        return new BuildFacts(
                date.isPresent() ? "" : ref,
                date.orElse(started),
                date.orElseGet(Instant::now),
                options.dockerfile(),
                text.bytes(),
                address,
                arguments(),
                fetched ? List.of() : List.of(CONTEXT, "dockerfile"));
    }

    private Map<String, String> arguments() {
        Map<String, String> arguments = new TreeMap<>();
        options.buildArgs().forEach((name, value) -> arguments.put("build-arg:" + name, value));
        options.output().labels().forEach((name, value) -> arguments.put("label:" + name, value));
        options.target().ifPresent(target -> arguments.put("target", target));
        if (options.cache().noCache()) {
            arguments.put("no-cache", "");
        }
        return arguments;
    }
}
