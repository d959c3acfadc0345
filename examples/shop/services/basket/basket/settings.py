"""Settings, read from environment variables."""

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    redis_url: str = "redis://localhost:6379/0"
    catalogue_url: str = "http://localhost:8081"
    catalogue_timeout_seconds: float = 0.8
    basket_ttl_days: int = 30
    max_lines: int = 50
    log_level: str = "INFO"


settings = Settings()
