-- SPDX-License-Identifier: Apache-2.0
-- The graph of one store. docs/recorders-postgresql.md says what it means. Run with the schema first in search_path.

-- Which store this is, and how much of it is here: always in step with the rest. One row.
create table store (
    one boolean primary key default true check (one),
    store uuid not null,
    format integer not null,
    blocks bigint not null,
    hash bytea not null,
    recorded timestamptz not null default now()
);

create table node_kind (code smallint primary key, kind text not null unique, class text not null);
create table relation_kind (code smallint primary key, relation text not null unique, class text not null, telling boolean not null);
create table attribute_kind (code smallint primary key, attribute text not null unique);

create table session (
    number integer primary key,
    boot_id text not null,
    boot_number integer not null,
    machine_id bigint not null,
    front_end text not null,
    scope text not null,
    command text not null,
    on_loss text not null,
    start_ns bigint not null,
    end_ns bigint
);

create table gap (
    gap bigint primary key,
    cause text not null,
    kind text not null,
    cpu integer not null,
    from_ns bigint not null,
    to_ns bigint not null,
    count bigint not null
);

create table node (
    node bigint primary key,
    object bigint not null,
    version integer not null,
    kind smallint not null,
    time_ns bigint not null
);

create table edge (
    edge bigint primary key,
    relation smallint not null,
    cause bigint not null,
    effect bigint not null,
    time_ns bigint not null,
    task bigint,
    flags bigint not null,
    "offset" bigint
);

create table attribute (
    sequence bigint primary key,
    object bigint not null,
    attribute smallint not null,
    time_ns bigint not null,
    number bigint,
    text text,
    bytes bytea
);

create index on node (object, version);
create index on node (time_ns);
create index on edge (effect) include (cause, relation);
create index on edge (cause) include (effect, relation);
create index on edge (time_ns);
create index on attribute (object, attribute, sequence);
-- Equality of texts of any length; and beginnings of paths (attributes 40, pathname, and 41, name).
create index on attribute using hash (text);
create index attribute_path on attribute (left(text, 512) text_pattern_ops) where attribute in (40, 41);
create index on attribute (attribute, number) where number is not null;

-- Nanoseconds since the Unix epoch as a time; PostgreSQL's have microseconds.
create function at(ns bigint) returns timestamptz language sql immutable strict parallel safe
    return timestamptz 'epoch' + (ns / 1000) * interval '1 microsecond';

-- The newest value of each attribute of each object.
create view property as
    select distinct on (a.object, a.attribute) a.object, k.attribute, a.number, a.text, a.bytes, at(a.time_ns) as time
    from attribute a join attribute_kind k on k.code = a.attribute
    order by a.object, a.attribute, a.sequence desc;

-- The newest text of an object's name, pathname, value or address.
create function name(of_object bigint) returns text language sql stable strict parallel safe set search_path from current as $$
    select text from attribute where object = of_object and attribute in (41, 40, 42, 34, 33)
    order by case attribute when 41 then 0 when 40 then 1 when 42 then 2 when 34 then 3 else 4 end, sequence desc limit 1
$$;

-- Nodes and edges in CamFlow's words.
create view versions as
    select n.node, n.object, n.version, k.kind, k.class, at(n.time_ns) as time, n.time_ns, name(n.object) as name
    from node n join node_kind k on k.code = n.kind;

create view flows as
    select e.edge, r.relation, r.class, e.cause, e.effect, at(e.time_ns) as time, e.time_ns, e.task, e.flags, e."offset", r.telling
    from edge e join relation_kind r on r.code = e.relation;

-- Objects that have, or once had, this path or name.
create function objects(path text) returns setof bigint language sql stable strict set search_path from current as $$
    select distinct object from attribute where text = path and attribute in (40, 41)
$$;

-- Objects with a path or name that begins so.
create function objects_under(prefix text) returns setof bigint language sql stable strict set search_path from current as $$
    select distinct object from attribute
    where attribute in (40, 41) and left(text, 512) like replace(replace(replace(left(prefix, 512), '\', '\\'), '%', '\%'), '_', '\_') || '%'
      and starts_with(text, prefix)
$$;

-- All from which something flowed into one of these nodes, by any number of steps; not these themselves. What only tells (a signal,
-- an open) is gone along only if telling. One look into an index for each edge, whatever the planner knows of the tables.
create function ancestor_nodes(of_nodes bigint[], telling boolean default false) returns setof bigint
    language sql stable strict set search_path from current
    set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
    with recursive walk(node) as (
        select unnest(of_nodes)
        union
        select e.cause from walk w join edge e on e.effect = w.node
        where ancestor_nodes.telling or e.relation not in (select code from relation_kind r where r.telling)
    )
    select node from walk where node <> all (of_nodes)
$$;

-- Likewise, all into which something flowed.
create function descendant_nodes(of_nodes bigint[], telling boolean default false) returns setof bigint
    language sql stable strict set search_path from current
    set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
    with recursive walk(node) as (
        select unnest(of_nodes)
        union
        select e.effect from walk w join edge e on e.cause = w.node
        where descendant_nodes.telling or e.relation not in (select code from relation_kind r where r.telling)
    )
    select node from walk where node <> all (of_nodes)
$$;

create function ancestors(of_node bigint, telling boolean default false) returns setof versions
    language sql stable strict set search_path from current as $$
    select v.* from ancestor_nodes(array[of_node], telling) as a(node) join versions v using (node) order by v.node
$$;

create function descendants(of_node bigint, telling boolean default false) returns setof versions
    language sql stable strict set search_path from current as $$
    select v.* from descendant_nodes(array[of_node], telling) as a(node) join versions v using (node) order by v.node
$$;

-- Of all versions of what has, or had, this path.
create function ancestors(path text, telling boolean default false) returns setof versions
    language sql stable strict set search_path from current as $$
    select v.* from ancestor_nodes(array(select node from node where object in (select objects(path))), telling) as a(node)
    join versions v using (node) order by v.node
$$;

create function descendants(path text, telling boolean default false) returns setof versions
    language sql stable strict set search_path from current as $$
    select v.* from descendant_nodes(array(select node from node where object in (select objects(path))), telling) as a(node)
    join versions v using (node) order by v.node
$$;
