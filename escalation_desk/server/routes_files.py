"""Whole files: the bytes of attachments, and snapshots of large scopes."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
