"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('login', sa.Text(), nullable=False),
    sa.Column('password', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('account_login', 'account', [sa.literal_column('lower(login)')], unique=True)
    op.create_table('attempt',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('audit',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('account', sa.UUID(as_uuid=False), nullable=True),
    sa.Column('client', sa.UUID(as_uuid=False), nullable=True),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('blob',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('sha256')
    )
    op.create_table('change',
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('record', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('client', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('mid', sa.BigInteger(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('actor', sa.UUID(as_uuid=False), nullable=True),
    sa.Column('received_at', sa.Text(), nullable=False),
    sa.Column('ver', sa.Integer(), nullable=False),
    sa.Column('patch', postgresql.JSON(astext_type=sa.Text()), nullable=True),
    sa.Column('payload_hash', sa.LargeBinary(), nullable=False),
    sa.Column('chain', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'seq')
    )
    op.create_index('change_mutation', 'change', ['client', 'mid'], unique=False)
    op.create_index('change_record', 'change', ['record'], unique=False)
    op.create_table('client',
    sa.Column('id', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('account', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('last_mid', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('schema', sa.Integer(), server_default='1', nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('client_account', 'client', ['account'], unique=False)
    op.create_table('left_scope',
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('record', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'record'),
    sa.UniqueConstraint('scope', 'seq')
    )
    op.create_table('membership',
    sa.Column('account', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('account', 'scope')
    )
    op.create_table('mutation',
    sa.Column('client', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('mid', sa.BigInteger(), nullable=False),
    sa.Column('entry', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('places', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('received_at', sa.Text(), nullable=False),
    sa.Column('skew_ms', sa.BigInteger(), nullable=True),
    sa.Column('actor', sa.UUID(as_uuid=False), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('outcome', postgresql.JSON(astext_type=sa.Text()), nullable=True),
    sa.Column('body', postgresql.JSON(astext_type=sa.Text()), nullable=True),
    sa.PrimaryKeyConstraint('client', 'mid')
    )
    op.create_index('mutation_told', 'mutation', ['client', 'mid'], unique=False, postgresql_where=sa.text('outcome IS NOT NULL'))
    op.create_table('natural_key',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('record', sa.UUID(as_uuid=False), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'key', 'record')
    )
    op.create_index('natural_key_record', 'natural_key', ['record'], unique=False)
    op.create_table('part',
    sa.Column('client', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('mid', sa.BigInteger(), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('client', 'mid', 'part')
    )
    op.create_table('presence',
    sa.Column('client', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('account', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('case', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('client')
    )
    op.create_index('presence_case', 'presence', ['case'], unique=False)
    op.create_table('purged',
    sa.Column('id', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('record',
    sa.Column('id', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('ver', sa.Integer(), nullable=False),
    sa.Column('deleted', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('follows', sa.UUID(as_uuid=False), nullable=True),
    sa.Column('client', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('scope', 'seq')
    )
    op.create_index('record_blob', 'record', [sa.literal_column("(data ->> 'sha256')")], unique=False, postgresql_where=sa.text("kind = 'attachment'"))
    op.create_index('record_follows', 'record', ['follows'], unique=False, postgresql_where=sa.text('follows IS NOT NULL'))
    op.create_index('record_kind', 'record', ['kind'], unique=False)
    op.create_table('scope_clock',
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('last', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('floor', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('n', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('sum', sa.Numeric(precision=20), server_default='0', nullable=False),
    sa.Column('head', sa.LargeBinary(), server_default=sa.text("''::bytea"), nullable=False),
    sa.PrimaryKeyConstraint('scope')
    )
    op.create_table('server_meta',
    sa.Column('one', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('epoch', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('min_schema', sa.Integer(), server_default='1', nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('one')
    )
    op.create_table('session',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('family', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('account', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('client', sa.UUID(as_uuid=False), nullable=False),
    sa.Column('access', sa.LargeBinary(), nullable=False),
    sa.Column('refresh', sa.LargeBinary(), nullable=False),
    sa.Column('access_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('refresh_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('access'),
    sa.UniqueConstraint('refresh')
    )
    op.create_index('session_client', 'session', ['client'], unique=False)
    op.create_index('session_family', 'session', ['family'], unique=False)
