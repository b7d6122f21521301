// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.Code;
import headwater.expression.Compiler;
import headwater.expression.Expression;
import headwater.expression.Expression.Binary;
import headwater.expression.Expression.Literal;
import headwater.expression.Expression.Name;
import headwater.expression.Expression.Select;
import headwater.expression.ExpressionException;
import headwater.expression.Printer;
import headwater.expression.Scope;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.FlowCursor;
import headwater.query.GraphFields;
import headwater.query.match.Query.EdgePattern;
import headwater.query.match.Query.NodePattern;
import headwater.query.match.Query.PathPattern;
import headwater.query.match.Query.Property;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A query checked: which names it has, what each condition needs, and where an index can help. Immutable once made. */
final class Analysis implements Scope<Row> {
    /** Fields that say something of the version, which is known only when all flows at the node are. */
    private static final Set<String> OF_VERSION = Set.of("version", "time", "session", "host", "machine");

    /** A node of the patterns; one for each name. */
    record NodeSlot(String name, Set<NodeKind> kinds, boolean isNamed) {
    }

    /**
     * @param path which of the patterns it stands in
     * @param hop what each flow of a step of several has to be
     */
    record EdgeSlot(EdgePattern pattern, int left, int right, int path, Set<Relation> relations, List<Predicate<FlowCursor>> hop) {
    }

    /**
     * @param nodes the slots that have to be bound before it can be asked
     * @param last true if all of the pattern has to be
     */
    record Condition(Code<Row> code, String text, Set<Integer> nodes, Set<Integer> edges, boolean last) {
    }

    /** {@code slot.field} is one of the values. */
    record Lookup(int slot, String field, List<Object> values) {
    }

    private final Query query;
    private final Clock clock;
    private final List<NodeSlot> nodes = new ArrayList<>();
    private final Map<String, Integer> nodeNames = new LinkedHashMap<>();
    private final List<EdgeSlot> edges = new ArrayList<>();
    private final Map<String, Integer> edgeNames = new LinkedHashMap<>();
    private final Map<String, int[]> pathNames = new LinkedHashMap<>();
    private final Map<String, Integer> pathStarts = new HashMap<>();
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Lookup> lookups = new ArrayList<>();
    /** The operators that have to hold by themselves, so that they can be a source of objects. */
    private final Set<Integer> sources = new TreeSet<>();
    private final Operators operators;
    private final List<String> misfits = new ArrayList<>();

    Analysis(Query query, Clock clock) throws ExpressionException {
        this.query = query;
        this.clock = clock;
        this.operators = new Operators(query.text(), nodeNames, clock);
        for (PathPattern pattern : query.patterns()) {
            for (NodePattern node : pattern.nodes()) {
                node(node);
            }
        }
        for (int i = 0; i < query.patterns().size(); i++) {
            path(i, query.patterns().get(i));
        }
        for (PathPattern pattern : query.patterns()) {
            for (NodePattern node : pattern.nodes()) {
                properties(node.name(), node.properties());
                condition(node.where());
            }
            for (EdgePattern edge : pattern.edges()) {
                if (!edge.variable()) {
                    properties(edge.name(), edge.properties());
                    condition(edge.where());
                }
            }
        }
        condition(query.where());
    }

    private void node(NodePattern node) throws ExpressionException {
        Set<NodeKind> kinds = Relations.kinds(query.text(), node.labels());
        Integer known = nodeNames.get(node.name());
        if (known == null) {
            nodeNames.put(node.name(), nodes.size());
            nodes.add(new NodeSlot(node.name(), kinds, node.isNamed()));
        } else {
            Set<NodeKind> both = EnumSet.copyOf(nodes.get(known).kinds());
            both.retainAll(kinds);
            if (both.isEmpty()) {
                throw new ExpressionException(query.text(), node.at(), node.name() + " cannot be of both kinds");
            }
            nodes.set(known, new NodeSlot(node.name(), both, true));
        }
    }

    private void path(int index, PathPattern pattern) throws ExpressionException {
        int[] own = new int[pattern.edges().size()];
        for (int i = 0; i < own.length; i++) {
            EdgePattern edge = pattern.edges().get(i);
            own[i] = edges.size();
            if (nodeNames.containsKey(edge.name()) || edgeNames.containsKey(edge.name())) {
                throw new ExpressionException(query.text(), edge.at(), "the name stands for something else already: " + edge.name());
            }
            edgeNames.put(edge.name(), edges.size());
            int left = nodeNames.get(pattern.nodes().get(i).name());
            int right = nodeNames.get(pattern.nodes().get(i + 1).name());
            Set<Relation> relations = Relations.relations(query.text(), edge.relations());
            EdgeSlot slot = new EdgeSlot(edge, left, right, index, relations, edge.variable() ? hop(edge) : List.of());
            edges.add(slot);
            misfit(slot);
        }
        if (nodeNames.containsKey(pattern.name()) || edgeNames.containsKey(pattern.name())) {
            throw new ExpressionException(query.text(), pattern.at(), "the name stands for something else already: " + pattern.name());
        }
        pathNames.put(pattern.name(), own);
        pathStarts.put(pattern.name(), nodeNames.get(pattern.nodes().getFirst().name()));
    }

    /** Notes a step that, by PROV, leads nowhere: most often its arrow points the wrong way. */
    private void misfit(EdgeSlot edge) {
        if (edge.pattern().variable() || edge.pattern().arrow() == Query.Arrow.EITHER) {
            return;
        }
        boolean right = edge.pattern().arrow() == Query.Arrow.RIGHT;
        NodeSlot effect = nodes.get(right ? edge.left() : edge.right());
        NodeSlot cause = nodes.get(right ? edge.right() : edge.left());
        if (!Relations.fits(edge.relations(), effect.kinds(), cause.kinds())) {
            boolean turned = Relations.fits(edge.relations(), cause.kinds(), effect.kinds());
            misfits.add("at column " + (edge.pattern().at() + 1) + ": arrows point from what came to be to what it came from, and no such flow leads that way"
                    + (turned ? "; turn the arrow" : ""));
        }
    }

    private List<Predicate<FlowCursor>> hop(EdgePattern edge) throws ExpressionException {
        Scope<FlowCursor> scope = new Scope<>() {
            @Override
            public Code<FlowCursor> name(String name) {
                return name.equals(edge.name()) ? Code.thing(GraphFields.FLOW, flow -> flow) : null;
            }

            @Override
            public Collection<String> names() {
                return List.of(edge.name());
            }
        };
        Compiler<FlowCursor> compiler = new Compiler<>(query.text(), scope, clock);
        List<Predicate<FlowCursor>> hop = new ArrayList<>();
        for (Property property : edge.properties()) {
            Code<FlowCursor> code = compiler.condition(equal(edge.name(), property));
            hop.add(code::test);
        }
        if (edge.where() != null) {
            Code<FlowCursor> code = compiler.condition(edge.where());
            hop.add(code::test);
        }
        return hop;
    }

    private static Expression equal(String name, Property property) {
        return new Binary(property.at(), "==", new Select(property.at(), new Name(property.at(), name), property.field()), property.value());
    }

    private void properties(String name, List<Property> properties) throws ExpressionException {
        for (Property property : properties) {
            condition(equal(name, property));
        }
    }

    /** Takes a condition apart at its &&, so that each part is asked as early as can be. */
    private void condition(Expression expression) throws ExpressionException {
        if (expression == null) {
            return;
        }
        if (expression instanceof Binary binary && binary.operator().equals("&&")) {
            condition(binary.left());
            condition(binary.right());
            return;
        }
        Expression rewritten = operators.rewrite(expression);
        Code<Row> code = compiler().condition(rewritten);
        if (rewritten instanceof Name name && operators.isUse(name.name())) {
            sources.add(operators.index(name.name()));
        }
        Needs needs = new Needs();
        needs.of(rewritten);
        conditions.add(new Condition(code, Printer.print(expression), needs.nodes, needs.edges, needs.last));
        lookup(rewritten);
    }

    private void lookup(Expression expression) {
        if (!(expression instanceof Binary binary)) {
            return;
        }
        Expression field = binary.left();
        Expression value = binary.right();
        if (binary.operator().equals("==") && field instanceof Literal) {
            field = binary.right();
            value = binary.left();
        }
        if (binary.operator().equals("in") && field instanceof Literal literal && value instanceof Select select
                && select.of() instanceof Name name && nodeNames.containsKey(name.name())) {
            lookups.add(new Lookup(nodeNames.get(name.name()), select.field(), List.of(literal.value())));
        }
        if (!(field instanceof Select select && select.of() instanceof Name name && nodeNames.containsKey(name.name()))) {
            return;
        }
        if (binary.operator().equals("==") && value instanceof Literal literal && literal.value() != null) {
            lookups.add(new Lookup(nodeNames.get(name.name()), select.field(), List.of(literal.value())));
        } else if (binary.operator().equals("in") && value instanceof Expression.Row list) {
            List<Object> values = new ArrayList<>();
            list.items().forEach(item -> values.add(((Literal) item).value()));
            lookups.add(new Lookup(nodeNames.get(name.name()), select.field(), values));
        }
    }

    Compiler<Row> compiler() {
        return new Compiler<>(query.text(), this, clock);
    }

    /** Compiles an expression that may hold operators. */
    Code<Row> compile(Expression expression) throws ExpressionException {
        return compiler().compile(operators.rewrite(expression));
    }

    Query query() {
        return query;
    }

    List<NodeSlot> nodes() {
        return nodes;
    }

    List<EdgeSlot> edges() {
        return edges;
    }

    List<Condition> conditions() {
        return conditions;
    }

    List<Lookup> lookups() {
        return lookups;
    }

    Set<Integer> sources() {
        return sources;
    }

    Operators operators() {
        return operators;
    }

    /** Why nothing can be found, where PROV says so. */
    List<String> misfits() {
        return misfits;
    }

    @Override
    public Code<Row> name(String name) {
        if (operators.isUse(name)) {
            int use = operators.index(name);
            return Code.bool(row -> row.lineages().holds(use, row));
        }
        if (operators.isPath(name)) {
            int path = operators.index(name);
            return Code.thing(PathValue.FIELDS, row -> row.lineages().path(path, row));
        }
        Integer node = nodeNames.get(name);
        if (node != null) {
            return Code.thing(GraphFields.NODE, row -> row.cursor(node));
        }
        Integer edge = edgeNames.get(name);
        if (edge != null) {
            return edges.get(edge).pattern().variable() ? Code.thing(PathValue.FIELDS, row -> row.path(new int[] {edge}, edges.get(edge).left()))
                    : Code.thing(GraphFields.FLOW, row -> row.flow(edge));
        }
        int[] path = pathNames.get(name);
        return path == null ? null : Code.thing(PathValue.FIELDS, row -> row.path(path, pathStarts.get(name)));
    }

    @Override
    public Collection<String> names() {
        List<String> names = new ArrayList<>(nodeNames.keySet());
        names.addAll(edgeNames.keySet());
        names.addAll(pathNames.keySet());
        names.removeIf(name -> name.startsWith(" "));
        return names;
    }

    @Override
    public String hint() {
        return "; a field is asked of a name, such as " + names().stream().findFirst().orElse("f") + ".path";
    }

    /** What has to be bound before an expression can be asked. */
    private final class Needs {
        private final Set<Integer> nodes = new TreeSet<>();
        private final Set<Integer> edges = new TreeSet<>();
        private boolean last;

        void of(Expression expression) {
            switch (expression) {
                case Name name -> name(name.name());
                case Select select -> {
                    of(select.of());
                    last |= select.of() instanceof Name name && nodeNames.containsKey(name.name()) && OF_VERSION.contains(select.field());
                }
                case Expression.Call call -> {
                    if (call.of() != null) {
                        of(call.of());
                    }
                    call.arguments().forEach(argument -> of(argument.value()));
                }
                case Expression.Unary unary -> of(unary.of());
                case Binary binary -> {
                    of(binary.left());
                    of(binary.right());
                }
                case Expression.Conditional conditional -> {
                    of(conditional.test());
                    of(conditional.yes());
                    of(conditional.no());
                }
                case Literal literal -> {
                    // Needs nothing.
                }
                case Expression.Row row -> {
                    // Likewise: it holds literals.
                }
            }
        }

        private void name(String name) {
            if (nodeNames.containsKey(name)) {
                nodes.add(nodeNames.get(name));
            } else if (edgeNames.containsKey(name)) {
                edges.add(edgeNames.get(name));
            } else {
                // Paths and operators: versions matter to them.
                last = true;
            }
        }
    }
}
